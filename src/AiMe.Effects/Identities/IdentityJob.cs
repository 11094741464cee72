using System.Collections.Immutable;
using System.Diagnostics;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Models;
using AiMe.Models.Jobs;

namespace AiMe.Effects.Identities;

/// <summary>
/// Fine-tunes a hosted model into generation 0 by one external job for the run, submitted at most once.
/// </summary>
/// <remarks>
/// It is the Trainer's own machine: <see cref="TrainerDecider"/> decides, <see cref="TrainingJobRunner"/> carries out, and each
/// event is recorded before its effects run. So what holds for the jobs of instances holds here.
/// </remarks>
/// <param name="trainers">The training jobs of a backend.</param>
/// <param name="run">Run id: part of the job's key, so that a run has one job.</param>
public sealed class IdentityJob(Func<ExternalTraining, ITrainingJobs> trainers, IBlobs blobs, string run, TimeProvider time)
{
    /// <summary>In the job's key and metadata, in place of an instance's name; no instance can have it.</summary>
    public const string Instance = "identity";

    private readonly TrainingJobRunner _runner = new(trainers, blobs, run, time);

    /// <summary>Continues the job until it made a model.</summary>
    /// <param name="start">The hosted model.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="recorded">The events of an earlier process, in order; empty for a new job.</param>
    /// <param name="record">Makes events durable, before their effects run.</param>
    /// <exception cref="ProviderException">
    /// The trainer cannot be reached, and the same command continues; or, for good, the job made no model.
    /// </exception>
    public async Task<ModelId> RunAsync(
        ModelId start,
        Seed seed,
        Charter charter,
        IdentityTuning identity,
        ImmutableArray<TrainerEvent> recorded,
        Func<ImmutableArray<TrainerEvent>, Task> record,
        CancellationToken cancellationToken
    )
    {
        if (recorded.IsEmpty)
        {
            recorded = await BeginAsync(start, seed, charter, identity, cancellationToken);
            await record(recorded);
        }

        var state = recorded.Aggregate(TrainerDecider.Initial, TrainerDecider.Evolve);
        var last = recorded[^1];
        ImmutableArray<Effect> next = []; // after a start: what the state has pending, which is never a submission
        while (state.Phase is not (TrainerPhase.Evaluating or TrainerPhase.Reported))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var effects = next.IsEmpty ? TrainerDecider.Pending(state) : next;
            if (effects.FirstOrDefault(e => e is not JobEffect) is { } parked)
                throw new ProviderException(
                    $"The training job of the identity cannot go on: {ReasonOf(parked)} Run the same command again."
                );
            var command = (TrainerCommand)await _runner.RunAsync(Instance, (JobEffect)effects[0], cancellationToken);
            var decision = TrainerDecider.Decide(state, command);
            if (!decision.Events.IsEmpty)
                await record(decision.Events);
            foreach (var happened in decision.Events)
                (state, last) = (TrainerDecider.Evolve(state, happened), happened);
            next = decision.Effects;
        }

        return state.Phase is TrainerPhase.Evaluating trained ? trained.Candidate : throw Failed(last);
    }

    // A job that a process without this store's records made is found by its key where the trainer lists its jobs.
    private async Task<ImmutableArray<TrainerEvent>> BeginAsync(
        ModelId start,
        Seed seed,
        Charter charter,
        IdentityTuning identity,
        CancellationToken cancellationToken
    )
    {
        var by = identity.Backend ?? throw new ArgumentException("a hosted model is tuned by an external job", nameof(identity));
        var plan = new TrainingPlan(
            Round: 0,
            [identity.Data],
            start,
            identity.Epochs,
            identity.LearningRate,
            seed.Derive("identity"),
            Method: null,
            identity.Budget
        );
        ImmutableArray<TrainerEvent> begun =
        [
            new TrainerBegan(SettingsOf(identity, by), start, charter, new ProbeSet([], [], ""), seed, seed),
            new Planned(plan),
        ];
        var key = JobKey.Of(run, Instance, plan);
        return by is ExternalTraining.FineTuningApi && await trainers(by).FindAsync(key, "", cancellationToken) is JobSearch.Found found
            ? [.. begun, new SubmissionIntended(plan.Round, key, "", Attempt: 1), new Submitted(plan.Round, key, found.Job)]
            : begun;
    }

    private static TrainerSettings SettingsOf(IdentityTuning identity, ExternalTraining by) =>
        new(
            Train: true,
            DataRegime.Replace,
            Window: 1,
            Anchor: 0,
            FreshAnchor: false,
            StartFrom.Base,
            identity.Epochs,
            identity.LearningRate,
            new GateBounds(HeldOutRise: null, Drift: null, AnchorRise: null, Repeats: null),
            by,
            Method: null,
            identity.Budget
        );

    private static string ReasonOf(Effect parked) =>
        parked is Tell { Command: ParkInstance park } ? park.Reason : throw new UnreachableException($"unexpected effect {parked}");

    private static ProviderException Failed(TrainerEvent last) =>
        new(
            last switch
            {
                Faculties.Trainer.Failed failed => $"The identity was not trained: {failed.Error}",
                LostTrack lost => $"The identity was not trained: {lost.Why}",
                _ => throw new UnreachableException($"unexpected end {last.GetType().Name}"),
            }
        )
        {
            ForGood = true,
        };
}
