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
public sealed class NanoPrompt
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
    private readonly int _context;

    /// <summary>Creates the format for a tokenizer that has the special tokens, and a context length.</summary>
    public NanoPrompt(Tokenizer tokenizer, int context)
    {
        (_tokenizer, _context) = (tokenizer, context);
        Stop = [.. Specials.Select(tokenizer.Special)];
    }

    /// <summary>Any special token ends a text.</summary>
    public ImmutableArray<int> Stop { get; }

    /// <summary>A prompt that ends where the requested text begins.</summary>
    /// <param name="room">Tokens that must stay free after it.</param>
    /// <remarks>
    /// If it is too long, parts are dropped in a fixed order: recalled memories from the last (the weakest) on, then
    /// the self-model. A charter, a stimulus or an answer is never truncated.
    /// </remarks>
    /// <exception cref="ProviderException">It is still too long; the message has the lengths.</exception>
    public int[] Encode(IReadOnlyList<ChatMessage> messages, TextTask task, int room) => Fit(messages, task, room).Tokens;

    /// <summary>The same, with the indices of the messages that were left out, ascending.</summary>
    /// <exception cref="ProviderException">It is still too long; the message has the lengths.</exception>
    public (int[] Tokens, ImmutableArray<int> LeftOut) Fit(IReadOnlyList<ChatMessage> messages, TextTask task, int room)
    {
        SortedSet<int> leftOut = [];
        var parts = messages.Select((m, i) => (Part: Parts.Of(m), m.Text, Index: i)).Where(p => p.Part != Parts.Request).ToList();
        while (true)
        {
            var tokens = parts.SelectMany(p => Encode(p.Part, p.Text)).ToList();
            if (parts.Count == 0 || parts[^1].Part != Parts.Stem)
                tokens.Add(Opening(task));
            if (tokens.Count + room <= _context)
                return ([.. tokens], [.. leftOut]);
            var spare = parts.FindLastIndex(p => p.Part == Parts.Recalled);
            if (spare < 0)
                spare = parts.FindIndex(p => p.Part == Parts.SelfModel);
            if (spare < 0)
                throw new ProviderException(
                    $"The prompt has {tokens.Count} tokens and {room} must stay free after it, but the context has only {_context}."
                );
            leftOut.Add(parts[spare].Index);
            parts.RemoveAt(spare);
        }
    }

    /// <summary>A chat example: the loss covers only the last message and the end token after it.</summary>
    /// <exception cref="ProviderException">It does not fit the context, or does not end in an answer.</exception>
    public TokenExample Encode(IReadOnlyList<ChatMessage> example)
    {
        if (example.Count == 0 || Parts.Of(example[^1]) != Parts.Answer)
            throw new ProviderException("A training example must end in an assistant message.");
        var completion = _tokenizer.Encode(example[^1].Text);
        var prompt = Encode([.. example.Take(example.Count - 1)], TextTask.Answer, completion.Length + 1);
        return new TokenExample([.. prompt, .. completion, _tokenizer.Special("<|end|>")], prompt.Length);
    }

    /// <summary>
    /// Number of tokens of a chat example and the end token after it. It can be scored and trained on if that is at most
    /// the context.
    /// </summary>
    public int Length(IEnumerable<ChatMessage> example) => example.Sum(m => Encode(Parts.Of(m), m.Text).Length) + 1;

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
        tokens.Add(_tokenizer.Special("<|end|>"));
        return tokens.Count > _context ? null : new TokenExample([.. tokens], Math.Max(1, from));
    }

    /// <summary>The text of sampled tokens.</summary>
    /// <remarks>
    /// A small corpus may leave ids without a text, because the model's vocabulary is larger; such ids are skipped.
    /// </remarks>
    public string Decode(IEnumerable<int> tokens) => _tokenizer.Decode(tokens.Where(t => t < _tokenizer.VocabularySize));

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
