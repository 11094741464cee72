using AiMe.Nano.Lora;

namespace AiMe.Nano.Training;

/// <summary>
/// Trains by AdamW on ragged batches. The result depends on weights, examples and options alone; threads only share the
/// work.
/// </summary>
public static class Trainer
{
    /// <summary>Trains from the given weights, which do not change.</summary>
    /// <param name="start">
    /// Fresh (<see cref="Weights.Initialise"/>) or trained before; the optimiser's moments start at 0.
    /// </param>
    /// <param name="examples">At least one.</param>
    /// <param name="options">How long and how fast.</param>
    /// <param name="progress">Receives every step, or null.</param>
    /// <param name="cancellationToken">Checked before every step.</param>
    /// <exception cref="ArgumentException">
    /// No examples, one that does not fit the model, or an option out of range.
    /// </exception>
    /// <exception cref="TrainingDivergedException">A loss or gradient is not finite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static TrainingResult Train(
        Weights start,
        IReadOnlyList<TokenExample> examples,
        TrainingOptions options,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        Validate(start.Config, examples);
        options.Validate();
        var weights = new AllWeights(start);
        var (losses, tokens, passes) = Fit(weights, examples, new NextToken(), options, progress, cancellationToken);
        return new TrainingResult(weights.Result(), losses, tokens, passes);
    }

    /// <summary>Trains an adapter over frozen weights, which do not change and are not copied.</summary>
    /// <param name="start">
    /// Bare weights, for a new adapter; or a model under an adapter, whose training continues.
    /// </param>
    /// <param name="adapter">Options of a new adapter; an existing one must have the same.</param>
    /// <exception cref="ArgumentException">
    /// As for <see cref="Train"/>; or the start's adapter is of another rank or alpha.
    /// </exception>
    /// <exception cref="TrainingDivergedException">A loss or gradient is not finite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static AdapterResult TrainAdapter(
        Model start,
        AdapterOptions adapter,
        IReadOnlyList<TokenExample> examples,
        TrainingOptions options,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        Validate(start.Config, examples);
        options.Validate();
        var parameters = Parameters(start, adapter, options.Seed);
        var (losses, tokens, passes) = Fit(parameters, examples, new NextToken(), options, progress, cancellationToken);
        return new AdapterResult(parameters.Adapter, losses, tokens, passes);
    }

    /// <summary>Trains all weights to prefer one answer to another, with the start as the frozen reference.</summary>
    /// <param name="pairs">At least one.</param>
    /// <param name="cancellationToken">
    /// Checked before every pair that the reference scores, and before every step.
    /// </param>
    /// <exception cref="ArgumentException">
    /// No pairs, one that does not fit the model or has two prompts, or an option out of range.
    /// </exception>
    /// <exception cref="TrainingDivergedException">A loss or gradient is not finite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static TrainingResult Prefer(
        Weights start,
        IReadOnlyList<PreferencePair> pairs,
        PreferenceOptions preference,
        TrainingOptions options,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        Validate(start.Config, pairs, preference);
        options.Validate();
        var weights = new AllWeights(start);
        var (losses, tokens, passes) = Fit(
            weights,
            Compared.By(new Model(start), pairs, cancellationToken),
            new Preferring(preference.Beta),
            options,
            progress,
            cancellationToken
        );
        return new TrainingResult(weights.Result(), losses, tokens, passes);
    }

    /// <summary>
    /// Trains an adapter to prefer one answer to another, with the start as the frozen reference: its weights are in
    /// memory once.
    /// </summary>
    /// <inheritdoc cref="TrainAdapter"/>
    /// <inheritdoc cref="Prefer"/>
    public static AdapterResult PreferAdapter(
        Model start,
        AdapterOptions adapter,
        IReadOnlyList<PreferencePair> pairs,
        PreferenceOptions preference,
        TrainingOptions options,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        Validate(start.Config, pairs, preference);
        options.Validate();
        var parameters = Parameters(start, adapter, options.Seed);
        var (losses, tokens, passes) = Fit(
            parameters,
            Compared.By(start, pairs, cancellationToken),
            new Preferring(preference.Beta),
            options,
            progress,
            cancellationToken
        );
        return new AdapterResult(parameters.Adapter, losses, tokens, passes);
    }

    /// <summary>How well a model distinguishes preferred answers from others, compared with a reference.</summary>
    /// <exception cref="ArgumentException">As for <see cref="Prefer"/>.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static PreferenceEvaluation Evaluate(
        Model model,
        Model reference,
        IReadOnlyList<PreferencePair> pairs,
        PreferenceOptions preference,
        CancellationToken cancellationToken
    )
    {
        Validate(model.Config, pairs, preference);
        var (loss, right) = (0.0, 0);
        foreach (var pair in Compared.By(reference, pairs, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var margin = pair.Margin(Compared.Sum(model, pair.Pair.Chosen), Compared.Sum(model, pair.Pair.Rejected));
            loss += Preferring.Loss(preference.Beta, margin);
            right += margin > 0 ? 1 : 0;
        }

        return new PreferenceEvaluation(loss / pairs.Count, (double)right / pairs.Count, pairs.Count);
    }

    /// <summary>Mean cross-entropy of a model on examples, over their learned tokens.</summary>
    /// <exception cref="ArgumentException">No examples, or one that does not fit the model.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Evaluation Evaluate(Model model, IReadOnlyList<TokenExample> examples, CancellationToken cancellationToken)
    {
        Validate(model.Config, examples);
        double sum = 0;
        long tokens = 0;
        foreach (var example in examples)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var logProbability in model.LogProbabilities(example.Tokens, example.LossFrom))
                sum -= logProbability;
            tokens += example.Targets;
        }

        return new Evaluation(sum / tokens, tokens);
    }

    /// <summary>The steps, one after the other: losses, input tokens seen, and passes of examples or pairs.</summary>
    private static (double[] Losses, long Tokens, long Passes) Fit<T>(
        IParameters parameters,
        IReadOnlyList<T> items,
        Objective<T> objective,
        TrainingOptions options,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var batches = new Batches<T>(items, objective.Tokens, options);
        var optimiser = new Optimiser(parameters, options);
        var losses = new double[batches.Steps];
        long tokens = 0;
        for (var step = 0; step < losses.Length; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var shards = batches.Of(step);
            tokens += shards.Sum(s => s.Sum(e => (long)objective.Tokens(e)));
            (losses[step], var norm) = optimiser.Step(shards, objective, options.RateAt(step, losses.Length), step + 1);
            progress?.Report(new TrainingProgress(step + 1, losses.Length, losses[step], tokens, norm));
        }

        return (losses, tokens, batches.Passes);
    }

    // A new adapter's A has a separate seed, so that it does not depend on the order of the examples.
    private static AdapterParameters Parameters(Model start, AdapterOptions adapter, ulong seed)
    {
        if (start.Adapter is { } known && known.Options != adapter)
            throw new ArgumentException(
                $"the start has an adapter of rank {known.Options.Rank} and alpha {known.Options.Alpha}; it cannot be "
                    + $"trained on with rank {adapter.Rank} and alpha {adapter.Alpha}"
            );
        return new AdapterParameters(start.Packed, start.Adapter ?? Adapter.Initialise(start.Config, start.Digest, adapter, ~seed));
    }

    private static void Validate(NanoConfig config, IReadOnlyList<PreferencePair> pairs, PreferenceOptions preference)
    {
        preference.Validate();
        if (pairs.Count == 0)
            throw new ArgumentException("there are no pairs to learn from");
        for (var i = 0; i < pairs.Count; i++)
            pairs[i].Validate(config, i);
    }

    private static void Validate(NanoConfig config, IReadOnlyList<TokenExample> examples)
    {
        if (examples.Count == 0)
            throw new ArgumentException("there are no examples to learn from");
        for (var i = 0; i < examples.Count; i++)
            examples[i].Validate(config, i);
    }
}
