using Microsoft.Extensions.AI;

namespace AiMe.Models;

/// <summary>What Microsoft.Extensions.AI lacks: exact log-probabilities of given text.</summary>
public interface ITextScorer
{
    /// <summary>How likely each continuation is after the messages.</summary>
    /// <param name="model">Checkpoint id.</param>
    /// <returns>One score a continuation, in their order.</returns>
    /// <exception cref="ProviderException">The model cannot be had or the text does not fit.</exception>
    Task<IReadOnlyList<TextScore>> ScoreAsync(
        string model,
        IReadOnlyList<ChatMessage> messages,
        IReadOnlyList<string> continuations,
        CancellationToken cancellationToken
    );
}

/// <summary>The log-probability of a text.</summary>
/// <param name="Nats">Sum of ln p over its tokens, 0 or less.</param>
/// <param name="Tokens">Its length in tokens.</param>
public readonly record struct TextScore(double Nats, int Tokens)
{
    /// <summary>Mean ln p per token; NaN for an empty text.</summary>
    public double PerToken => Tokens == 0 ? double.NaN : Nats / Tokens;
}

/// <summary>What Microsoft.Extensions.AI lacks: training.</summary>
public interface IFineTuner
{
    /// <summary>Fine-tunes a checkpoint on chat examples and stores the result.</summary>
    /// <exception cref="ProviderException">
    /// The training diverged, there is nothing to learn from, an example does not fit, or the checkpoint cannot be had or
    /// trained on in that way.
    /// </exception>
    Task<FineTuned> TrainAsync(FineTuningJob job, CancellationToken cancellationToken);
}

/// <summary>A fine-tuning to be done.</summary>
/// <param name="Start">Checkpoint id.</param>
/// <param name="Examples">Each ends in an assistant message, on which alone the loss is taken.</param>
public sealed record FineTuningJob(
    string Start,
    IReadOnlyList<IReadOnlyList<ChatMessage>> Examples,
    int Epochs,
    double LearningRate,
    ulong Seed
)
{
    /// <summary>The adapter that is trained in place of all weights, or null.</summary>
    public AdapterSize? Adapter { get; init; }

    /// <summary>Where preferences are learned, what each example's answer is preferred to; else null.</summary>
    public Preferences? Preferences { get; init; }
}

/// <summary>The size of an adapter.</summary>
/// <param name="Rank">Of its matrices, 1 or more.</param>
/// <param name="Alpha">What it adds is scaled by alpha / rank; above 0.</param>
public sealed record AdapterSize(int Rank, double Alpha);

/// <summary>What answers are preferred to.</summary>
/// <param name="Rejected">Another answer for each example, in their order.</param>
/// <param name="Beta">The smaller, the further the model may leave the one it started from; above 0.</param>
public sealed record Preferences(IReadOnlyList<string> Rejected, double Beta);

/// <summary>What a fine-tuning gave.</summary>
/// <param name="Model">The new checkpoint's id.</param>
/// <param name="Tokens">Tokens seen, all epochs together.</param>
/// <param name="Losses">Of each step: cross-entropy, nats per token, or of preferences nats per pair.</param>
public sealed record FineTuned(string Model, long Tokens, IReadOnlyList<double> Losses);

/// <summary>Where checkpoints are kept: content-addressed bytes.</summary>
public interface ICheckpoints
{
    /// <summary>The bytes of a checkpoint.</summary>
    Task<byte[]> LoadAsync(string id, CancellationToken cancellationToken);

    /// <summary>Stores a checkpoint and returns its id, the SHA-256 of its bytes.</summary>
    Task<string> SaveAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);
}

/// <summary>A provider could not do what was asked: an outside failure, to be journalled as an event.</summary>
public sealed class ProviderException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether all went well but the model gave no text: that is something it did, and no outage.</summary>
    public bool NothingSaid { get; init; }

    /// <summary>Whether the same call would fail again, however often it is made.</summary>
    public bool ForGood { get; init; }
}

/// <summary>A provider wants a key, and the environment holds none: the user's to mend, before anything is begun.</summary>
public sealed class MissingKeyException(string message) : Exception(message);
