using System.Runtime.CompilerServices;
using AiMe.Nano;
using Microsoft.Extensions.AI;

namespace AiMe.Models.Distributions;

/// <summary>
/// A distribution in place of a language model: an answer is one draw, whatever the prompt, and a training fits it to the answers of the
/// training set. Its laws are known, so a run shows whether the loop follows them.
/// </summary>
/// <remarks>It has no tokens and no residual stream, so it is no <see cref="IModelInspector"/>.</remarks>
public sealed class DistributionProvider(DistributionShape shape, ICheckpoints checkpoints) : IChatClient, ITextScorer, IFineTuner
{
    private const int Capacity = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, FittedDistribution> _known = new(StringComparer.Ordinal);

    /// <summary>The family and size of its models.</summary>
    public DistributionShape Shape => shape;

    /// <summary>The distribution of a checkpoint.</summary>
    /// <exception cref="ProviderException">Its bytes are not a distribution of this shape.</exception>
    public async Task<FittedDistribution> GetAsync(string model, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_known.TryGetValue(model, out var known))
                return known;
        }

        return Add(model, FittedDistribution.FromBytes(shape, await checkpoints.LoadAsync(model, cancellationToken)));
    }

    /// <summary>One draw.</summary>
    /// <remarks>Options: model id and seed. A draw is whole and as likely as the model has it: there is no temperature.</remarks>
    /// <exception cref="ProviderException">No model id, or another text than an answer is asked for.</exception>
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        var id = options?.ModelId ?? throw new ProviderException("a distribution needs the id of a checkpoint in ChatOptions.ModelId.");
        if (options.AdditionalProperties?.TryGetValue(Parts.Task, out var wanted) == true && wanted is TextTask and not TextTask.Answer)
            throw new ProviderException($"A distribution gives draws alone, and no {wanted.ToString()!.ToLowerInvariant()}.");
        var model = await GetAsync(id, cancellationToken);
        Rng rng = new(unchecked((ulong)(options.Seed ?? 0)));
        var draw = model.Draw(ref rng);
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, DrawText.Write(shape, draw)))
        {
            ModelId = id,
            FinishReason = ChatFinishReason.Stop,
            Usage = new UsageDetails { OutputTokenCount = draw.Length, TotalTokenCount = draw.Length },
            AdditionalProperties = new AdditionalPropertiesDictionary { [Parts.Nats] = model.Nats(draw) },
        };
    }

    /// <summary>The whole text as one update.</summary>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
            yield return update;
    }

    /// <inheritdoc />
    /// <remarks>A text that is no draw cannot be an answer: its log-probability is negative infinity. A number is a token.</remarks>
    public async Task<IReadOnlyList<TextScore>> ScoreAsync(
        string model,
        IReadOnlyList<ChatMessage> messages,
        IReadOnlyList<string> continuations,
        CancellationToken cancellationToken
    )
    {
        var distribution = await GetAsync(model, cancellationToken);
        return
        [
            .. continuations.Select(text => new TextScore(
                DrawText.TryRead(shape, text, out var draw) ? distribution.Nats(draw) : double.NegativeInfinity,
                shape.Dimensions
            )),
        ];
    }

    /// <inheritdoc />
    /// <remarks>
    /// The fit depends on the examples alone: the start, the seed, epochs and learning rate change nothing. One step, whose loss is the
    /// cross-entropy of the fit on its own examples, nats per number.
    /// </remarks>
    public async Task<FineTuned> TrainAsync(FineTuningJob job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (job.Adapter is not null || job.Preferences is not null || job.Length is not null)
            throw new ProviderException("A distribution is fitted as a whole to its examples: it has no adapter, no pairs and no steps.");
        int[][] draws = [.. job.Examples.Select((example, i) => Read(example[^1].Text, i))];
        var fit = shape.Fit(draws);
        var id = await checkpoints.SaveAsync(fit.ToBytes(), cancellationToken);
        Add(id, fit);
        var numbers = (long)draws.Length * shape.Dimensions;
        return new FineTuned(id, numbers, [-draws.Sum(d => fit.Nats(d)) / numbers], draws.Length);
    }

    object? IChatClient.GetService(Type serviceType, object? serviceKey) =>
        serviceKey is not null ? null
        : serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("aime.distribution")
        : serviceType?.IsInstanceOfType(this) == true ? this
        : null;

    void IDisposable.Dispose()
    {
        // The owner disposes of the checkpoints.
    }

    private int[] Read(string text, int example) =>
        DrawText.TryRead(shape, text, out var draw)
            ? draw
            : throw new ProviderException(
                $"Example {example + 1} of the training set is no draw; expected a line of {shape.Dimensions} numbers with a space "
                    + "between two."
            );

    private FittedDistribution Add(string id, FittedDistribution model)
    {
        lock (_lock)
        {
            if (_known.Count >= Capacity)
                _known.Clear(); // they are read again from their checkpoints
            _known[id] = model;
            return model;
        }
    }
}
