namespace AiMe.Models.OpenAi.Survey;

/// <summary>What a server was found to be able to do.</summary>
/// <param name="Name">Such as <c>chat</c> or <c>seeds</c>.</param>
/// <param name="Answer">Null if it is not known.</param>
/// <param name="Reason">How it is known, or why it is not.</param>
public sealed record Capability(string Name, bool? Answer, string Reason);
