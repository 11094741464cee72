using AiMe.Mind;
using AiMe.Models;
using Microsoft.Extensions.AI;

namespace AiMe.Effects;

/// <summary>Prompts as chat messages.</summary>
internal static class Messages
{
    /// <summary>What a hosted model is asked for when it is to reflect; nano knows it from the task.</summary>
    public const string ReflectionRequest = "How does this answer serve your goals, and what could you do better? Answer in one or two sentences.";

    /// <summary>What a hosted model is asked for when it is to form an insight.</summary>
    public const string InsightRequest = "What do you notice about yourself? Answer in one sentence that begins with I.";

    public static List<ChatMessage> Of(Prompt prompt) => [.. prompt.Parts.Select(part => Parts.Message(PartOf(part.Kind), part.Text))];

    public static List<ChatMessage> Of(Prompt prompt, string part, string text) => [.. Of(prompt), Parts.Message(part, text)];

    private static string PartOf(PartKind kind) => kind switch
    {
        PartKind.Charter => Parts.Charter,
        PartKind.SelfModel => Parts.SelfModel,
        PartKind.Recalled => Parts.Recalled,
        PartKind.Stimulus => Parts.Stimulus,
        PartKind.Drive => Parts.Drive,
        PartKind.Answer => Parts.Answer,
        PartKind.Reflection => Parts.Reflection,
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
