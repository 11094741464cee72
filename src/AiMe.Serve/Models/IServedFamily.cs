using System.Collections.Immutable;
using AiMe.Models;
using AiMe.Nano;
using Microsoft.Extensions.AI;

namespace AiMe.Serve.Models;

/// <summary>Checkpoints of one tokenizer, shape and prompt format: all that the server asks of a model.</summary>
public interface IServedFamily
{
    /// <summary>The checkpoint of generation 0.</summary>
    string Generation0 { get; }

    /// <summary>Greatest number of tokens of prompt and answer together.</summary>
    int Context { get; }

    /// <summary>Tokens that end an answer.</summary>
    IReadOnlyList<int> Stop { get; }

    /// <summary>A chat as tokens that end where the text begins.</summary>
    /// <param name="room">Tokens that must stay free after it.</param>
    /// <exception cref="ProviderException">It does not fit the context.</exception>
    ChatTokens Chat(IReadOnlyList<ChatMessage> messages, TextTask task, int room);

    /// <summary>The tokens of a text that follows a chat, such as its answer.</summary>
    int[] Continuation(string text);

    /// <summary>The tokens of a text, without special ones.</summary>
    int[] Encode(string text);

    /// <summary>The bytes of a token; none for a special one.</summary>
    byte[] BytesOf(int token);

    /// <summary>A checkpoint as a model.</summary>
    /// <exception cref="ProviderException">Its bytes are no checkpoint of this family.</exception>
    Task<Model> ModelAsync(string checkpoint, CancellationToken cancellationToken);

    /// <summary>Trains a checkpoint, and stores the result.</summary>
    /// <exception cref="ProviderException">The training cannot be done, or diverged.</exception>
    Task<FineTuned> TrainAsync(FineTuningJob job, CancellationToken cancellationToken);
}

/// <summary>A chat as tokens.</summary>
/// <param name="LeftOut">Indices of the messages that were left out because the context has no room, ascending.</param>
public sealed record ChatTokens(ImmutableArray<int> Tokens, ImmutableArray<int> LeftOut);
