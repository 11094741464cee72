using System.Collections.Immutable;
using Microsoft.Extensions.AI;

namespace AiMe.Models;

/// <summary>Exact log-probabilities of given text, which Microsoft.Extensions.AI lacks.</summary>
public interface ITextScorer
{
    /// <summary>The log-probability of each continuation of the messages.</summary>
    /// <param name="model">Checkpoint id.</param>
    /// <returns>One score for each continuation, in their order.</returns>
    /// <exception cref="ProviderException">The model is unavailable or the text does not fit.</exception>
    Task<IReadOnlyList<TextScore>> ScoreAsync(
        string model,
        IReadOnlyList<ChatMessage> messages,
        IReadOnlyList<string> continuations,
        CancellationToken cancellationToken
    );

    /// <summary>Indices of the messages that scoring these continuations leaves out, because the context has no room; ascending.</summary>
    ImmutableArray<int> LeftOut(IReadOnlyList<ChatMessage> messages, IReadOnlyList<string> continuations) => [];
}

/// <summary>The log-probability of a text.</summary>
/// <param name="Nats">Sum of ln p over its tokens, 0 or less.</param>
/// <param name="Tokens">Its length in tokens.</param>
public readonly record struct TextScore(double Nats, int Tokens)
{
    /// <summary>Mean ln p per token; NaN for an empty text.</summary>
    public double PerToken => Tokens == 0 ? double.NaN : Nats / Tokens;
}

/// <summary>What only a local model shows: whole distributions of the next token, and its residual stream.</summary>
public interface IModelInspector
{
    /// <summary>The ids of a text's tokens.</summary>
    IReadOnlyList<int> Tokens(string text);

    /// <summary>One answer to each prompt, sampled side by side; by default from the model's own distribution.</summary>
    /// <param name="model">Checkpoint id.</param>
    /// <param name="maxTokens">At most this many tokens an answer.</param>
    /// <param name="seeds">One a prompt; the same model, prompt and seed give the same text.</param>
    /// <param name="temperature">0 or more; 0 takes the likeliest token.</param>
    /// <param name="topP">Share of the probability that is sampled from, in (0, 1].</param>
    /// <exception cref="ProviderException">The model is unavailable or a prompt does not fit.</exception>
    Task<IReadOnlyList<ScoredSample>> SampleAsync(
        string model,
        IReadOnlyList<IReadOnlyList<ChatMessage>> prompts,
        int maxTokens,
        IReadOnlyList<ulong> seeds,
        CancellationToken cancellationToken,
        double temperature = 1,
        double topP = 1
    );

    /// <summary>The distribution of the next token at each position of an exchange's answer.</summary>
    /// <param name="model">Checkpoint id.</param>
    /// <param name="exchange">Messages that end in an answer.</param>
    /// <exception cref="ProviderException">The model is unavailable or the exchange does not fit.</exception>
    Task<NextTokens> DistributionsAsync(string model, IReadOnlyList<ChatMessage> exchange, CancellationToken cancellationToken);

    /// <summary>
    /// The mean residual stream over the tokens of an exchange's answer, after the middle block: block
    /// ceil(layers / 2) of them.
    /// </summary>
    /// <param name="model">Checkpoint id.</param>
    /// <param name="exchange">Messages that end in an answer.</param>
    /// <returns>Shape (width); NaN for an answer without a token.</returns>
    /// <exception cref="ProviderException">The model is unavailable or the exchange does not fit.</exception>
    Task<double[]> MeanStreamAsync(string model, IReadOnlyList<ChatMessage> exchange, CancellationToken cancellationToken);
}

/// <summary>A sampled text with its probability under the model that gave it.</summary>
/// <param name="Score">Without the token that ended it; at the model's own temperature, whatever the sampling.</param>
public sealed record ScoredSample(string Text, TextScore Score);

/// <summary>Distributions of the next token over a text.</summary>
/// <param name="Targets">The token that stands at each position; shape (positions).</param>
/// <param name="LogProbabilities">ln p of every token; shape (positions, vocabulary), row-major, nats.</param>
public sealed record NextTokens(ImmutableArray<int> Targets, ReadOnlyMemory<float> LogProbabilities)
{
    /// <summary>ln p of every token at a position; shape (vocabulary).</summary>
    public ReadOnlySpan<float> At(int position)
    {
        var vocabulary = LogProbabilities.Length / Targets.Length;
        return LogProbabilities.Span.Slice(position * vocabulary, vocabulary);
    }
}

/// <summary>Training, which Microsoft.Extensions.AI lacks.</summary>
public interface IFineTuner
{
    /// <summary>Fine-tunes a checkpoint on chat examples and stores the result.</summary>
    /// <exception cref="ProviderException">
    /// The training diverged, the training set is empty, an example does not fit, or the checkpoint is unavailable or
    /// does not support the method.
    /// </exception>
    Task<FineTuned> TrainAsync(FineTuningJob job, CancellationToken cancellationToken);
}

/// <summary>A fine-tuning job.</summary>
/// <param name="Start">Checkpoint id.</param>
/// <param name="Examples">Each ends in an assistant message, which alone has a loss.</param>
/// <param name="Epochs">Passes over the examples, 1 or more; not used if there is a length.</param>
public sealed record FineTuningJob(
    string Start,
    IReadOnlyList<IReadOnlyList<ChatMessage>> Examples,
    int Epochs,
    double LearningRate,
    ulong Seed
)
{
    /// <summary>The fixed length of the training; null for epochs.</summary>
    public TrainingLength? Length { get; init; }

    /// <summary>Seed of random initial weights of the start's shape, in place of the start's own; null for its own.</summary>
    public ulong? Untrained { get; init; }

    /// <summary>The adapter that is trained in place of all weights, or null.</summary>
    public AdapterSize? Adapter { get; init; }

    /// <summary>The rejected answers for preference training; else null.</summary>
    public Preferences? Preferences { get; init; }
}

/// <summary>The size of an adapter.</summary>
/// <param name="Rank">Rank of its matrices, 1 or more.</param>
/// <param name="Alpha">Its output is scaled by alpha / rank; above 0.</param>
public sealed record AdapterSize(int Rank, double Alpha);

/// <summary>The data of preference training.</summary>
/// <param name="Rejected">The rejected answer of each example, in their order.</param>
/// <param name="Beta">A smaller value lets the model move further from its start; above 0.</param>
public sealed record Preferences(IReadOnlyList<string> Rejected, double Beta);

/// <summary>The result of a fine-tuning.</summary>
/// <param name="Model">The new checkpoint's id.</param>
/// <param name="Tokens">Tokens read over all steps, prompts included.</param>
/// <param name="Losses">For each step: cross-entropy, nats per token, or for preferences nats per pair.</param>
/// <param name="Passes">Examples or pairs over all steps.</param>
public sealed record FineTuned(string Model, long Tokens, IReadOnlyList<double> Losses, long Passes);

/// <summary>Stores checkpoints: content-addressed bytes.</summary>
public interface ICheckpoints
{
    /// <summary>The bytes of a checkpoint.</summary>
    Task<byte[]> LoadAsync(string id, CancellationToken cancellationToken);

    /// <summary>Stores a checkpoint and returns its id, the SHA-256 of its bytes.</summary>
    Task<string> SaveAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);
}

/// <summary>A failure of a provider: an outside failure, to be journalled as an event.</summary>
public sealed class ProviderException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>
    /// Whether the call succeeded but the model returned no text, which is a result and not an outage.
    /// </summary>
    public bool NothingSaid { get; init; }

    /// <summary>Whether the limit of tokens was used up before any text of an answer.</summary>
    public bool CutOff { get; init; }

    /// <summary>Whether the model refused to answer, or its server withheld the answer or refused the content of the request.</summary>
    public bool Withheld { get; init; }

    /// <summary>Whether the same call would fail again.</summary>
    public bool ForGood { get; init; }
}

/// <summary>A provider needs a key, and the environment has none. It is reported before any work begins.</summary>
public sealed class MissingKeyException(string message) : Exception(message);
