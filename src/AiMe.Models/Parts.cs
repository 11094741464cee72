using Microsoft.Extensions.AI;

namespace AiMe.Models;

/// <summary>
/// The kinds of chat messages in a prompt. A hosted model gets only the text; nano has a special token for each.
/// </summary>
public static class Parts
{
    /// <summary>The charter's stem (system).</summary>
    public const string Charter = "charter";

    /// <summary>The self-model (system).</summary>
    public const string SelfModel = "self-model";

    /// <summary>A recalled memory (system).</summary>
    public const string Recalled = "recalled";

    /// <summary>A stimulus (user).</summary>
    public const string Stimulus = "stimulus";

    /// <summary>An internal drive (user).</summary>
    public const string Drive = "drive";

    /// <summary>An answer already given (assistant).</summary>
    public const string Answer = "answer";

    /// <summary>The stem of an answer that is to be completed (assistant).</summary>
    public const string Stem = "stem";

    /// <summary>A reflection already made (assistant).</summary>
    public const string Reflection = "reflection";

    /// <summary>A request to a hosted model (user); nano gets a task token instead.</summary>
    public const string Request = "request";

    /// <summary>In <see cref="ChatOptions.AdditionalProperties"/>: the requested kind of text.</summary>
    public const string Task = "aime.task";

    /// <summary>
    /// In <see cref="ChatResponse.AdditionalProperties"/>: the sum of ln p of the sampled tokens, a double.
    /// </summary>
    public const string Nats = "aime.nats";

    /// <summary>
    /// In <see cref="ChatOptions.AdditionalProperties"/>: number of requested alternatives of the first token, an int
    /// from 1 to 20.
    /// </summary>
    public const string AlternativesWanted = "aime.alternatives-wanted";

    /// <summary>
    /// In <see cref="ChatResponse.AdditionalProperties"/>: the most likely alternatives of the first token that is not
    /// blank, an <see cref="System.Collections.Immutable.ImmutableArray{T}"/> of <see cref="Alternative"/>; absent if
    /// the provider returns none.
    /// </summary>
    public const string Alternatives = "aime.alternatives";

    /// <summary>
    /// In <see cref="ChatResponse.AdditionalProperties"/>: indices of the messages that were left out because the context has no
    /// room for them, an <see cref="System.Collections.Immutable.ImmutableArray{T}"/> of int; absent if there are none.
    /// </summary>
    public const string LeftOut = "aime.left-out";

    /// <summary>A message of a kind.</summary>
    public static ChatMessage Message(string part, string text) => new(RoleOf(part), text) { AuthorName = part };

    /// <summary>The kind of a message: its name if it is one of these, else by its role.</summary>
    public static string Of(ChatMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.AuthorName is { } name && IsOurs(name))
            return name;
        return message.Role == ChatRole.System ? Charter
            : message.Role == ChatRole.Assistant ? Answer
            : Stimulus;
    }

    /// <summary>Whether an author's name is one of these.</summary>
    public static bool IsOurs(string name) =>
        name is Charter or SelfModel or Recalled or Stimulus or Drive or Answer or Stem or Reflection or Request;

    private static ChatRole RoleOf(string part) =>
        part switch
        {
            Charter or SelfModel or Recalled => ChatRole.System,
            Answer or Stem or Reflection => ChatRole.Assistant,
            _ => ChatRole.User,
        };
}

/// <summary>An alternative of a sampled token.</summary>
/// <param name="Nats">ln p, 0 or less.</param>
public readonly record struct Alternative(string Text, double Nats);

/// <summary>The kind of text that a model is to generate.</summary>
public enum TextTask
{
    /// <summary>An answer to a stimulus or drive.</summary>
    Answer,

    /// <summary>A reflection on an answer.</summary>
    Reflection,

    /// <summary>A higher-level statement.</summary>
    Insight,
}
