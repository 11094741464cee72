namespace AiMe.Console.Output.Documents;

/// <summary>What the server of a hosted model can do.</summary>
/// <param name="Check">What was asked for.</param>
/// <param name="Answer"><c>ok</c>, <c>no</c> or <c>unknown</c>.</param>
/// <param name="Reason">How it is known, or why it is not.</param>
/// <param name="Needed">Whether the experiment needs it.</param>
internal sealed record CapabilityOutput(string Check, string Answer, string Reason, bool Needed) : OutputDocument;
