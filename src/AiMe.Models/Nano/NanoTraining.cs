using AiMe.Nano;
using AiMe.Nano.Lora;
using AiMe.Nano.Training;
using Microsoft.Extensions.AI;

namespace AiMe.Models.Nano;

/// <summary>Trains the embedded model: all weights or an adapter, on examples or on preferences.</summary>
internal static class NanoTraining
{
    /// <summary>The result of a training.</summary>
    /// <param name="File">The checkpoint's bytes: weights, or an adapter that names its base.</param>
    /// <param name="Model">The same, loaded.</param>
    public sealed record TrainedModel(byte[] File, Func<Model> Model, long Tokens, IReadOnlyList<double> Losses, long Passes);

    /// <exception cref="ProviderException">
    /// The training set is empty, an example does not fit or has no rejected answer, the start has another size, a
    /// number is out of range, or the training diverged.
    /// </exception>
    public static TrainedModel Run(Model start, FineTuningJob job, TokenPrompt prompts, CancellationToken cancellationToken)
    {
        if (job.Examples.Count == 0)
            throw new ProviderException("The training set is empty.");
        if (job.Preferences is { } p && p.Rejected.Count != job.Examples.Count)
            throw new ProviderException($"{job.Examples.Count} examples need as many rejected answers; got {p.Rejected.Count}.");
        var options = new TrainingOptions
        {
            Epochs = job.Epochs,
            Steps = Of(job.Length, LengthUnit.Steps) is { } steps ? checked((int)steps) : null,
            Examples = Of(job.Length, LengthUnit.Examples),
            Tokens = Of(job.Length, LengthUnit.Tokens),
            LearningRate = job.LearningRate,
            TokensPerBatch = 1024,
            WarmUpShare = 0.1,
            Seed = job.Seed,
        };
        if (job.Untrained is { } seed)
            start = new Model(Weights.Initialise(start.Config, seed));
        try
        {
            return job.Adapter is { } size
                ? OfAdapter(start, SizeOf(start, size), job, prompts, options, cancellationToken)
                : OfWeights(start, job, prompts, options, cancellationToken);
        }
        // of an argument, the job's own: the trainer checks its range
        catch (Exception e) when (e is TrainingDivergedException or ArgumentException)
        {
            throw new ProviderException(e.Message, e);
        }
    }

    // All weights under an adapter are its base's plus the adapter's product: if the instance was trained with adapters
    // before, they are merged here.
    private static TrainedModel OfWeights(
        Model start,
        FineTuningJob job,
        TokenPrompt prompts,
        TrainingOptions options,
        CancellationToken cancellationToken
    )
    {
        var result = job.Preferences is { } p
            ? Trainer.Prefer(
                start.Merged(),
                Pairs(job, p, prompts),
                new PreferenceOptions { Beta = p.Beta },
                options,
                progress: null,
                cancellationToken
            )
            : Trainer.Train(start.Merged(), [.. job.Examples.Select(prompts.Encode)], options, progress: null, cancellationToken);
        return new(result.Weights.ToSafetensors(), () => new Model(result.Weights), result.Tokens, result.Losses, result.Passes);
    }

    private static TrainedModel OfAdapter(
        Model start,
        AdapterOptions size,
        FineTuningJob job,
        TokenPrompt prompts,
        TrainingOptions options,
        CancellationToken cancellationToken
    )
    {
        var result = job.Preferences is { } p
            ? Trainer.PreferAdapter(
                start,
                size,
                Pairs(job, p, prompts),
                new PreferenceOptions { Beta = p.Beta },
                options,
                progress: null,
                cancellationToken
            )
            : Trainer.TrainAdapter(start, size, [.. job.Examples.Select(prompts.Encode)], options, progress: null, cancellationToken);
        return new(result.Adapter.ToSafetensors(), () => start.With(result.Adapter), result.Tokens, result.Losses, result.Passes);
    }

    private static long? Of(TrainingLength? length, LengthUnit unit) => length?.Unit == unit ? length.Amount : null;

    private static PreferencePair[] Pairs(FineTuningJob job, Preferences preferences, TokenPrompt prompts) =>
        [
            .. job.Examples.Zip(preferences.Rejected, (example, rejected) =>
                new PreferencePair(
                    prompts.Encode(example),
                    prompts.Encode([.. example.Take(example.Count - 1), Parts.Message(Parts.Answer, rejected)])
                )
            ),
        ];

    private static AdapterOptions SizeOf(Model start, AdapterSize size)
    {
        var options = new AdapterOptions { Rank = size.Rank, Alpha = size.Alpha };
        if (start.Adapter is { } known && known.Options != options)
            throw new ProviderException(
                $"The starting model has an adapter of rank {known.Options.Rank} and alpha "
                    + $"{known.Options.Alpha}, but rank {size.Rank} and alpha {size.Alpha} are requested: keep its size, or "
                    + "set train.start to base."
            );
        if (size.Rank > start.Config.Width)
            throw new ProviderException($"An adapter of rank {size.Rank} is larger than the model's width of {start.Config.Width}.");
        return options;
    }
}
