using AiMe.Faculties;
using AiMe.Models;
using Microsoft.Extensions.AI;

namespace AiMe.Effects;

/// <summary>Prompts as chat messages.</summary>
internal static class ChatMessages
{
    public static List<ChatMessage> Of(Prompt prompt) => [.. prompt.Parts.Select(part => Parts.Message(PartOf(part.Kind), part.Text))];

    public static List<ChatMessage> Of(Prompt prompt, string part, string text) => [.. Of(prompt), Parts.Message(part, text)];

    private static string PartOf(PartKind kind) =>
        kind switch
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
