using System.Collections.Immutable;
using AiMe.Corpora;
using AiMe.Nano.Tokens;
using AiMe.Nano.Training;
using Microsoft.Extensions.AI;

namespace AiMe.Models.Nano;

/// <summary>nano's prompt format: one special token before each part.</summary>
/// <remarks>
/// <c>&lt;|charter|>..&lt;|self|>..&lt;|memory|>..&lt;|user|>..&lt;|aime|>..&lt;|reflect|>..&lt;|insight|>..&lt;|end|></c>,
/// with <c>&lt;|drive|></c> in place of <c>&lt;|user|></c> for internal drives.
/// </remarks>
public sealed class NanoPrompt : TokenPrompt
{
    /// <summary>The special tokens, in the order of their ids.</summary>
    public static readonly ImmutableArray<string> Specials =
    [
        "<|end|>",
        "<|charter|>",
        "<|self|>",
        "<|memory|>",
        "<|user|>",
        "<|drive|>",
        "<|aime|>",
        "<|reflect|>",
        "<|insight|>",
    ];

    private readonly Tokenizer _tokenizer;

    /// <summary>Creates the format for a tokenizer that has the special tokens, and a context length.</summary>
    public NanoPrompt(Tokenizer tokenizer, int context)
        : base(tokenizer, context)
    {
        _tokenizer = tokenizer;
        Stop = [.. Specials.Select(tokenizer.Special)];
        End = tokenizer.Special("<|end|>");
    }

    /// <summary>Any special token ends a text.</summary>
    public override ImmutableArray<int> Stop { get; }

    /// <inheritdoc />
    public override int End { get; }

    /// <summary>
    /// A record of the corpus; the loss covers the stimulus and what follows. Null if it does not fit the context.
    /// </summary>
    public TokenExample? Encode(CorpusRecord record, CharterSlots charter)
    {
        List<int> tokens = [];
        if (record.InCharacter)
            tokens.AddRange(Encode(Parts.Charter, charter.Stem));
        if (record.SelfModel is { } self)
            tokens.AddRange(Encode(Parts.SelfModel, self));
        foreach (var recalled in record.Recalled)
            tokens.AddRange(Encode(Parts.Recalled, recalled));
        var from = tokens.Count;
        tokens.AddRange(Encode(record.Internal ? Parts.Drive : Parts.Stimulus, record.Stimulus));
        tokens.AddRange(Encode(Parts.Answer, record.Answer));
        if (record.Reflection is { } reflection)
            tokens.AddRange(Encode(Parts.Reflection, reflection));
        if (record.Insight is { } insight)
            tokens.AddRange([Opening(TextTask.Insight), .. _tokenizer.Encode(insight)]);
        tokens.Add(End);
        return tokens.Count > Context ? null : new TokenExample([.. tokens], Math.Max(1, from));
    }

    /// <summary>The messages of a corpus record, its answer last.</summary>
    public static IReadOnlyList<ChatMessage> Messages(CorpusRecord record, CharterSlots charter)
    {
        List<ChatMessage> messages = [];
        if (record.InCharacter)
            messages.Add(Parts.Message(Parts.Charter, charter.Stem));
        messages.Add(Parts.Message(record.Internal ? Parts.Drive : Parts.Stimulus, record.Stimulus));
        messages.Add(Parts.Message(Parts.Answer, record.Answer));
        return messages;
    }

    private protected override List<int> Render(IReadOnlyList<MessagePart> parts, TextTask task)
    {
        MessagePart[] said = [.. parts.Where(p => p.Part != Parts.Request)];
        List<int> tokens = [.. said.SelectMany(p => Encode(p.Part, p.Text))];
        if (said.Length == 0 || said[^1].Part != Parts.Stem)
            tokens.Add(Opening(task));
        return tokens;
    }

    private int Opening(TextTask task) =>
        _tokenizer.Special(
            task switch
            {
                TextTask.Answer => "<|aime|>",
                TextTask.Reflection => "<|reflect|>",
                TextTask.Insight => "<|insight|>",
                _ => throw new System.Diagnostics.UnreachableException(),
            }
        );

    private int[] Encode(string part, string text) => [_tokenizer.Special(SpecialOf(part)), .. _tokenizer.Encode(text)];

    private static string SpecialOf(string part) =>
        part switch
        {
            Parts.Charter => "<|charter|>",
            Parts.SelfModel => "<|self|>",
            Parts.Recalled => "<|memory|>",
            Parts.Stimulus => "<|user|>",
            Parts.Drive => "<|drive|>",
            Parts.Answer or Parts.Stem => "<|aime|>",
            Parts.Reflection => "<|reflect|>",
            _ => throw new System.Diagnostics.UnreachableException(),
        };
}
