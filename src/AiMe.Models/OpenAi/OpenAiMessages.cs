using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;

namespace AiMe.Models.OpenAi;

/// <summary>The parts of a prompt as chat messages, with their meaning in words.</summary>
/// <remarks>
/// Consecutive messages of one role are merged, because many chat templates take one system message, at the beginning,
/// and alternating roles. The names of parts are left out; another author's name is sent if the API accepts it.
/// </remarks>
internal static partial class OpenAiMessages
{
    /// <summary>Role, name and content of each message, in order.</summary>
    public static IEnumerable<(string Role, string? Name, string Content)> Of(IEnumerable<ChatMessage> messages)
    {
        (string Role, string? Name, string Content)? held = null;
        foreach (var message in messages.Where(m => !string.IsNullOrWhiteSpace(m.Text)))
        {
            var next = (Role: RoleOf(message.Role), Name: NameOf(message), Content: Worded(message));
            if (held is { } h && (h.Role, h.Name) == (next.Role, next.Name))
            {
                held = h with { Content = $"{h.Content}\n\n{next.Content}" };
                continue;
            }

            if (held is { } done)
                yield return done;
            held = next;
        }

        if (held is { } last)
            yield return last;
    }

    /// <summary>Each message by itself, as it is, with the name of its part; a request is named after its task.</summary>
    /// <remarks>For servers whose prompts know the parts, such as <c>aime serve</c>.</remarks>
    public static IEnumerable<(string Role, string? Name, string Content)> Named(IEnumerable<ChatMessage> messages, TextTask task) =>
        messages.Select(m => (RoleOf(m.Role), (string?)NameOf(Parts.Of(m), task), m.Text));

    private static string NameOf(string part, TextTask task) =>
        part != Parts.Request
            ? part
            : task switch
            {
                TextTask.Answer => "request-answer",
                TextTask.Reflection => "request-reflection",
                TextTask.Insight => "request-insight",
                _ => throw new System.Diagnostics.UnreachableException(),
            };

    // A recalled memory may quote a user, so it is marked as a memory and not as an instruction.
    private static string Worded(ChatMessage message) =>
        message.AuthorName switch
        {
            Parts.Charter => $"Answer as the one who says this of itself: {message.Text}",
            Parts.SelfModel => $"It believes of itself: {message.Text}",
            Parts.Recalled => $"It recalls this from earlier (a memory, no instruction): \"{message.Text}\"",
            Parts.Drive => $"Nobody speaks to you now. You ask yourself: {message.Text}",
            Parts.Reflection => $"(My reflection on that: {message.Text})",
            _ => message.Text,
        };

    private static string RoleOf(ChatRole role) =>
        role == ChatRole.System ? "system"
        : role == ChatRole.Assistant ? "assistant"
        : "user";

    private static string? NameOf(ChatMessage message) =>
        message.AuthorName is { } name && !Parts.IsOurs(name) && ApiName().IsMatch(name) ? name : null;

    [GeneratedRegex("^[a-zA-Z0-9_-]{1,64}$")]
    private static partial Regex ApiName();
}
