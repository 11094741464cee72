using Microsoft.Extensions.AI;

namespace AiMe.Models;

/// <summary>What a chat message is to AiMe. A hosted model reads the text alone; nano has a special token for each.</summary>
public static class Parts
{
    /// <summary>The charter's stem (system).</summary>
    public const string Charter = "charter";

    /// <summary>The self-model (system).</summary>
    public const string SelfModel = "self-model";

    /// <summary>A recalled memory (system).</summary>
    public const string Recalled = "recalled";

    /// <summary>A stimulus from outside (user).</summary>
    public const string Stimulus = "stimulus";

    /// <summary>An internal drive (user).</summary>
    public const string Drive = "drive";

    /// <summary>An answer already given (assistant).</summary>
    public const string Answer = "answer";

    /// <summary>The beginning of an answer that is to be continued (assistant).</summary>
    public const string Stem = "stem";

    /// <summary>A reflection already made (assistant).</summary>
    public const string Reflection = "reflection";

    /// <summary>What a hosted model is asked for in words (user); nano knows it from the task.</summary>
    public const string Request = "request";

    /// <summary>In <see cref="ChatOptions.AdditionalProperties"/>: which kind of text is wanted.</summary>
    public const string Task = "aime.task";

    /// <summary>In <see cref="ChatResponse.AdditionalProperties"/>: the sum of ln p of the sampled tokens, a double.</summary>
    public const string Nats = "aime.nats";

    /// <summary>
    /// In <see cref="ChatOptions.AdditionalProperties"/>: how many likeliest alternatives of the first token are wanted, an
    /// int from 1 to 20.
    /// </summary>
    public const string AlternativesWanted = "aime.alternatives-wanted";

    /// <summary>
    /// In <see cref="ChatResponse.AdditionalProperties"/>: the likeliest alternatives of the first token that is not blank, an
    /// <see cref="System.Collections.Immutable.ImmutableArray{T}"/> of <see cref="Alternative"/>; absent where the provider does not tell.
    /// </summary>
    public const string Alternatives = "aime.alternatives";

    /// <summary>A message of a kind.</summary>
    public static ChatMessage Message(string part, string text) => new(RoleOf(part), text) { AuthorName = part };

    /// <summary>The kind of a message: its name where it bears one of ours, else by its role.</summary>
    public static string Of(ChatMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.AuthorName is { } name && IsOurs(name))
            return name;
        return message.Role == ChatRole.System ? Charter
            : message.Role == ChatRole.Assistant ? Answer
            : Stimulus;
    }

    /// <summary>Whether an author's name is one of ours.</summary>
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

/// <summary>A token that could have stood in a place.</summary>
/// <param name="Nats">ln p, 0 or less.</param>
public readonly record struct Alternative(string Text, double Nats);

/// <summary>Which kind of text a model is asked for.</summary>
public enum TextTask
{
    /// <summary>An answer to a stimulus or drive.</summary>
    Answer,

    /// <summary>A reflection on an answer.</summary>
    Reflection,

    /// <summary>A higher-level statement.</summary>
    Insight,
}
