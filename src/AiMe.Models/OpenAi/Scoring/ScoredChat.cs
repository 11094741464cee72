using System.Collections.Immutable;
using Microsoft.Extensions.AI;

namespace AiMe.Models.OpenAi.Scoring;

/// <summary>A prompt, and the same with a text that follows it, as the API's messages.</summary>
/// <param name="Prompt">The prompt alone.</param>
/// <param name="IsContinued">Whether the last message of the prompt is the beginning of the text's message.</param>
/// <param name="Whole">The prompt and the text, as the last message, which is the assistant's.</param>
internal sealed record ScoredChat(
    ImmutableArray<(string Role, string? Name, string Content)> Prompt,
    bool IsContinued,
    ImmutableArray<(string Role, string? Name, string Content)> Whole
)
{
    private const string Assistant = "assistant";

    /// <summary>The messages of a prompt and of a text after it.</summary>
    /// <param name="named">
    /// Whether messages have the names of their parts. The server then takes the stem of an answer for what it is, and the text is a
    /// message of its own; else the text is put behind the stem.
    /// </param>
    public static ScoredChat Of(IReadOnlyList<ChatMessage> messages, string text, bool named)
    {
        if (named)
        {
            ImmutableArray<(string Role, string? Name, string Content)> parts = [.. OpenAiMessages.Named(messages, TextTask.Answer)];
            return new(parts, IsContinued: false, parts.Add((Assistant, Parts.Answer, text)));
        }

        ImmutableArray<(string Role, string? Name, string Content)> prompt = [.. OpenAiMessages.Of(messages)];
        return prompt is [.., (Assistant, _, var stem) last]
            ? new(prompt, IsContinued: true, prompt.SetItem(prompt.Length - 1, last with { Content = stem + text }))
            : new(prompt, IsContinued: false, prompt.Add((Assistant, null, text)));
    }

    /// <summary>The same without some messages of the prompt.</summary>
    /// <param name="indices">Of the prompt's messages; others are no messages of it.</param>
    public ScoredChat Without(ImmutableArray<int> indices) =>
        indices.IsEmpty ? this : this with { Prompt = [.. Prompt.Where((_, i) => !indices.Contains(i))] };

    /// <summary>What the prompt is known by.</summary>
    public string Key => string.Join('\n', Prompt.Select(m => $"{m.Role}\t{m.Name}\t{m.Content.Length}\t{m.Content}"));
}
