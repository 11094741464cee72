using System.Collections.Immutable;
using System.Diagnostics;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Trainer;
using AiMe.Metrics.Statistics;
using AiMe.Models;
using Microsoft.Extensions.AI;

namespace AiMe.Effects;

/// <summary>Writes batches, trains and evaluates for the Trainer.</summary>
/// <param name="tuner">Null for a provider that cannot be trained.</param>
/// <param name="real">Source of anchor examples; null if there is none.</param>
/// <param name="generator">Samples rejected answers.</param>
/// <param name="untuned">The base model before its identity tuning; null if there is none.</param>
/// <param name="isBaseAsync">Whether a server gives a candidate for generation 0; null if that cannot be known.</param>
internal sealed class TrainingRunner(
    IFineTuner? tuner,
    IBlobs blobs,
    IRealExamples? real,
    ProbeRunner probes,
    TextGenerator generator,
    ModelId? untuned = null,
    Func<EvaluateModel, CancellationToken, Task<bool>>? isBaseAsync = null
)
{
    public async Task<Command> WriteAsync(WriteBatch e, CancellationToken cancellationToken)
    {
        try
        {
            return e.Rejected is { } asked
                ? await WriteAsync(e, await RejectedAsync(e.Kept, asked, cancellationToken), cancellationToken)
                : await WriteAsync(e, default, cancellationToken);
        }
        catch (ProviderException failure)
        {
            return new TrainingFailed(e.Round, $"There is no answer to be rejected: {failure.Message}");
        }
    }

    // One answer to each prompt, as it is trained on: without recall. A model that says nothing is answered by the empty text.
    private async Task<ImmutableArray<string>> RejectedAsync(
        ImmutableArray<Example> kept,
        RejectedAnswers asked,
        CancellationToken cancellationToken
    )
    {
        var model = asked.Model
            ?? untuned
            ?? throw new ProviderException(
                "Generation 0 has no identity tuning, so there is no untuned model: set train.rejected to birth."
            );
        var rejected = ImmutableArray.CreateBuilder<string>(kept.Length);
        for (var i = 0; i < kept.Length; i++)
        {
            var (text, _) = await generator.TrySampleAsync(
                generator.Messages(kept[i].Prompt, asked.Charter),
                model,
                asked.Sampling,
                asked.Seed.Derive(i),
                cancellationToken
            );
            rejected.Add(text);
        }

        return rejected.MoveToImmutable();
    }

    private async Task<BatchWritten> WriteAsync(WriteBatch e, ImmutableArray<string> rejected, CancellationToken cancellationToken)
    {
        var kept = rejected.IsDefault ? e.Kept : [.. e.Kept.Zip(rejected, (k, r) => k with { Others = [r] })];
        var batch = await blobs.PutAsync(Datasets.WritePreferences(kept), cancellationToken);
        if (real is null)
            return Written(null, 0);
        IReadOnlyList<ChatMessage>[] anchors =
        [
            .. real.Anchors(e.AnchorSeed, TrainerSettings.AnchorsBeside(e.Kept.Length, e.Anchor)),
            .. real.OfFirstRound(e.AnchorSeed, e.RealExamples),
        ];
        return anchors.Length == 0
            ? Written(null, 0)
            : Written(await blobs.PutAsync(Datasets.Write(anchors), cancellationToken), anchors.Length);

        BatchWritten Written(BlobId? anchor, int count) =>
            new(e.Round, [.. e.Kept.Select(x => x.Id)], batch.Sha256, anchor?.Sha256, count, rejected);
    }

    public async Task<Command> TrainAsync(TrainModel e, CancellationToken cancellationToken)
    {
        var plan = e.Plan;
        if (tuner is null)
            return new TrainingFailed(plan.Round, "This provider cannot be trained: set train to none.");
        try
        {
            var job = await JobAsync(plan, cancellationToken);
            var tuned = await tuner.TrainAsync(job, cancellationToken);
            var tenth = Math.Max(1, tuned.Losses.Count / 10);
            return new ModelTrained(
                plan.Round,
                new ModelId(tuned.Model),
                new TrainingFigures(
                    job.Examples.Count,
                    tuned.Tokens,
                    tuned.Losses.Count,
                    Mean.Of([.. tuned.Losses.Take(tenth)]),
                    Mean.Of([.. tuned.Losses.TakeLast(tenth)]),
                    OfPairs: job.Preferences is not null,
                    plan.Budget is null ? null : tuned.Passes
                )
            );
        }
        catch (ProviderException failure)
        {
            return new TrainingFailed(plan.Round, failure.Message);
        }
    }

    /// <summary>The length of a training with a budget; null for epochs.</summary>
    public static TrainingLength? LengthOf(TrainingBudget? budget) =>
        budget is null
            ? null
            : new(
                budget.Unit switch
                {
                    BudgetUnit.Steps => LengthUnit.Steps,
                    BudgetUnit.Examples => LengthUnit.Examples,
                    BudgetUnit.Tokens => LengthUnit.Tokens,
                    _ => throw new UnreachableException(),
                },
                budget.Amount
            );

    private async Task<FineTuningJob> JobAsync(TrainingPlan plan, CancellationToken cancellationToken)
    {
        if (plan.Method is TrainingMethod.Dpo dpo)
        {
            var (chosen, rejected) = await Datasets.ReadPreferencesAsync(blobs, plan.Parts, cancellationToken);
            if (chosen.IsEmpty)
                throw new ProviderException(
                    "There are no preferences: every answer that was not chosen was kept for the same prompt at another time."
                );
            return Job(chosen) with { Adapter = new AdapterSize(dpo.Rank, dpo.Alpha), Preferences = new Preferences(rejected, dpo.Beta) };
        }

        var job = Job(Drawn(plan, await Datasets.ReadAsync(blobs, plan.Parts, cancellationToken)));
        return plan.Method is TrainingMethod.Lora lora ? job with { Adapter = new AdapterSize(lora.Rank, lora.Alpha) } : job;

        FineTuningJob Job(ImmutableArray<IReadOnlyList<ChatMessage>> examples) =>
            new(plan.Start.Value, examples, plan.Epochs, plan.LearningRate, plan.Seed.Value)
            {
                Length = LengthOf(plan.Budget),
                Untrained = plan.Untrained?.Value,
            };
    }

    // In the order of the set, so that only which are drawn depends on the seed.
    private static ImmutableArray<IReadOnlyList<ChatMessage>> Drawn(
        TrainingPlan plan,
        ImmutableArray<IReadOnlyList<ChatMessage>> examples
    ) =>
        plan.Draw is { } n && n < examples.Length
            ?
            [
                .. Enumerable
                    .Range(0, examples.Length)
                    .OrderBy(i => plan.Seed.Derive("draw", i).Value)
                    .Take(n)
                    .Order()
                    .Select(i => examples[i]),
            ]
            : examples;

    public async Task<Command> EvaluateAsync(EvaluateModel e, CancellationToken cancellationToken)
    {
        try
        {
            return await MeasureAsync(e, cancellationToken);
        }
        catch (ProviderException failure)
        {
            return new TrainingFailed(e.Round, failure.Message);
        }
    }

    /// <summary>The figures that the gate compares.</summary>
    /// <exception cref="ProviderException">The candidate cannot be queried.</exception>
    public async Task<ModelEvaluated> MeasureAsync(EvaluateModel e, CancellationToken cancellationToken) =>
        new(
            e.Round,
            new GateFigures(
                await probes.HeldOutAsync(e.Base, e.HeldOutSeed, cancellationToken),
                await probes.HeldOutAsync(e.Candidate, e.HeldOutSeed, cancellationToken),
                await probes.BareDriftAsync(e, cancellationToken),
                await probes.AnchorAsync(e.Base, e.HeldOutSeed, cancellationToken),
                await probes.AnchorAsync(e.Candidate, e.HeldOutSeed, cancellationToken),
                await probes.RepeatsAsync(e, cancellationToken),
                isBaseAsync is not null && await isBaseAsync(e, cancellationToken)
            )
        );
}
