using AiMe.Nano.Kernels;

namespace AiMe.Nano.Training;

/// <summary>Trains by AdamW on ragged batches. Everything is decided by weights, examples and options; threads only share the work.</summary>
public static class Trainer
{
    /// <summary>Trains from the given weights, which stay as they are.</summary>
    /// <param name="start">Fresh (<see cref="Weights.Initialise"/>) or trained before; the optimiser's moments start at 0.</param>
    /// <param name="examples">At least one.</param>
    /// <param name="options">How long and how fast.</param>
    /// <param name="progress">Told of every step, or null.</param>
    /// <param name="cancellationToken">Looked at before every step.</param>
    /// <exception cref="ArgumentException">No examples, one that does not fit the model, or an option out of range.</exception>
    /// <exception cref="TrainingDivergedException">A loss or gradient is not finite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static TrainingResult Train(
        Weights start,
        IReadOnlyList<Example> examples,
        TrainingOptions options,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken)
    {
        Validate(start.Config, examples);
        options.Validate();
        var batches = new Batches(examples, options);
        var optimiser = new Optimiser(start, options);
        var losses = new double[batches.Steps];
        long tokens = 0;
        for (var step = 0; step < losses.Length; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var shards = batches.Of(step);
            tokens += shards.Sum(s => s.Sum(e => (long)e.Tokens.Length - 1));
            (losses[step], var norm) = optimiser.Step(shards, options.RateAt(step, losses.Length), step + 1);
            progress?.Report(new TrainingProgress(step + 1, losses.Length, losses[step], tokens, norm));
        }

        return new TrainingResult(optimiser.Weights(), losses, tokens);
    }

    /// <summary>Mean cross-entropy of a model on examples, over their learned tokens.</summary>
    /// <exception cref="ArgumentException">No examples, or one that does not fit the model.</exception>
    public static Evaluation Evaluate(Model model, IReadOnlyList<Example> examples)
    {
        Validate(model.Config, examples);
        double sum = 0;
        long tokens = 0;
        foreach (var example in examples)
        {
            foreach (var logProbability in model.LogProbabilities(example.Tokens, example.LossFrom))
                sum -= logProbability;
            tokens += example.Targets;
        }

        return new Evaluation(sum / tokens, tokens);
    }

    private static void Validate(NanoConfig config, IReadOnlyList<Example> examples)
    {
        if (examples.Count == 0)
            throw new ArgumentException("there are no examples to learn from");
        for (var i = 0; i < examples.Count; i++)
            examples[i].Validate(config, i);
    }
}
