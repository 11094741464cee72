using System.Collections.Immutable;
using AiMe.Nano.Tokens;
using AiMe.Nano.Training;
using Microsoft.Extensions.AI;

namespace AiMe.Models.Nano;

/// <summary>How chat messages become the tokens that a local model reads, and its tokens text.</summary>
public abstract class TokenPrompt
{
    private protected TokenPrompt(ITextTokenizer tokenizer, int context) => (Tokenizer, Context) = (tokenizer, context);

    /// <summary>The longest sequence, in tokens.</summary>
    public int Context { get; }

    /// <summary>Tokens that end a text.</summary>
    public abstract ImmutableArray<int> Stop { get; }

    /// <summary>The tokenizer of the model.</summary>
    public ITextTokenizer Tokenizer { get; }

    /// <summary>The token that a training puts after an answer.</summary>
    public abstract int End { get; }

    /// <summary>The token that begins every prompt; null for none.</summary>
    public virtual int? Beginning => null;

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
        ArgumentNullException.ThrowIfNull(messages);
        SortedSet<int> leftOut = [];
        var parts = messages.Select((m, i) => (Message: new MessagePart(Parts.Of(m), m.Text), Index: i)).ToList();
        while (true)
        {
            var tokens = Render([.. parts.Select(p => p.Message)], task);
            if (tokens.Count + room <= Context)
                return ([.. tokens], [.. leftOut]);
            var spare = parts.FindLastIndex(p => p.Message.Part == Parts.Recalled);
            if (spare < 0)
                spare = parts.FindIndex(p => p.Message.Part == Parts.SelfModel);
            if (spare < 0)
                throw new ProviderException(
                    $"The prompt has {tokens.Count} tokens and {room} must stay free after it, but the context has only {Context}."
                );
            leftOut.Add(parts[spare].Index);
            parts.RemoveAt(spare);
        }
    }

    /// <summary>A chat example: the loss covers only the last message and the end token after it.</summary>
    /// <exception cref="ProviderException">It does not fit the context, or does not end in an answer.</exception>
    public TokenExample Encode(IReadOnlyList<ChatMessage> example)
    {
        ArgumentNullException.ThrowIfNull(example);
        if (example.Count == 0 || Parts.Of(example[^1]) != Parts.Answer)
            throw new ProviderException("A training example must end in an assistant message.");
        var completion = Continuation(example[^1].Text);
        var prompt = Encode([.. example.Take(example.Count - 1)], TextTask.Answer, completion.Length + 1);
        return new TokenExample([.. prompt, .. completion, End], prompt.Length);
    }

    /// <summary>
    /// Number of tokens of a chat example and the end token after it. It can be scored and trained on if that is at most
    /// the context.
    /// </summary>
    public int Length(IReadOnlyList<ChatMessage> example)
    {
        ArgumentNullException.ThrowIfNull(example);
        MessagePart[] prompt = [.. example.SkipLast(1).Select(m => new MessagePart(Parts.Of(m), m.Text))];
        return Render(prompt, TextTask.Answer).Count + Continuation(example[^1].Text).Length + 1;
    }

    /// <summary>The tokens of a text that follows a prompt.</summary>
    public virtual int[] Continuation(string text) => Tokenizer.Encode(text);

    /// <summary>The text of sampled tokens.</summary>
    /// <remarks>
    /// The model's vocabulary may be larger than the tokenizer's; ids without a text are skipped.
    /// </remarks>
    public string Decode(IEnumerable<int> tokens) => Tokenizer.Decode(tokens.Where(t => t < Tokenizer.VocabularySize));

    /// <summary>The tokens of a prompt, whatever its length.</summary>
    private protected abstract List<int> Render(IReadOnlyList<MessagePart> parts, TextTask task);

    /// <summary>A message: its kind, one of <see cref="Parts"/>, and its text.</summary>
    private protected readonly record struct MessagePart(string Part, string Text);
}
