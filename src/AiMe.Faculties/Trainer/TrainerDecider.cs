using System.Collections.Immutable;
using System.Diagnostics;
using AiMe.EventSourcing;
using AiMe.Faculties.Self;

namespace AiMe.Faculties.Trainer;

/// <summary>The Trainer: seals a round's batch, plans, trains, gates, promotes or rolls back.</summary>
public sealed class TrainerDecider : IDecider<TrainerState, TrainerCommand, TrainerEvent>
{
    /// <inheritdoc />
    public static TrainerState Initial { get; } = new(null, new ModelId(""), [], Generation: -1, new TrainerPhase.Waiting(), [], []);

    /// <inheritdoc />
    public static Decision<TrainerEvent> Decide(TrainerState state, TrainerCommand command) =>
        (command, state.Phase) switch
        {
            (BeginTrainer b, _) when state.Began is null => Accept(
                    new TrainerBegan(
                        b.Spec.Trainer,
                        b.Spec.Base,
                        b.Spec.Charter,
                        b.Spec.Probes,
                        b.Spec.Seed,
                        b.Spec.BlockSeed,
                        b.Spec.RejectedSampling
                    )
                )
                .Then(Loop.Adopt(0, b.Spec.Base, RoundOutcome.Born)),
            (BeginTrainer, _) => RepeatPending(state),
            // Before it begins there is nothing to change: BeginTrainer brings the settings.
            (ChangeTrainer c, _) when state.Began is null || IsAsBefore(c, state.Began) => NoEvents.NoEffects,
            (ChangeTrainer c, _) => Change(state, c),
            _ when state.Began is null => new Refusal("the Trainer has not begun: BeginTrainer comes first"),

            (Seal s, TrainerPhase.Reported) when s.Round == state.Generation + 1 => Begin(state, s),
            (Seal s, _) when s.Round <= state.Generation + 1 => RepeatPending(state),
            (Seal s, _) => new Refusal($"round {s.Round} cannot be sealed: the Trainer is at generation {state.Generation}"),

            (Appoint a, TrainerPhase.Reported d) => MayAppoint(state, a)
                ? Appointing(state, a, d)
                : NoEvents.Then(Loop.Adopt(state.Generation, state.Champion, d.Outcome, a.Id)),
            (Appoint, _) => NoEvents.NoEffects, // an old message: no model is appointed while a round ends

            (BatchWritten w, TrainerPhase.Reported) when w.Round == state.Generation + 1 => Plan(state, w),
            // The round's rejected answers could not be sampled.
            (TrainingFailed f, TrainerPhase.Reported) when f.Round == state.Generation + 1 => Report(state, new Failed(f.Round, f.Error)),
            (ModelTrained t, TrainerPhase.Training or TrainerPhase.Awaiting) when t.Round == PlanOf(state.Phase).Round => Accept(
                    new Trained(t.Round, t.Candidate, t.Figures)
                )
                .Then(Evaluate(state.Began, new TrainerPhase.Evaluating(t.Round, t.Candidate))),
            (TrainingFailed f, TrainerPhase.Training or TrainerPhase.Preparing or TrainerPhase.Awaiting)
                when f.Round == PlanOf(state.Phase).Round => Report(state, new Failed(f.Round, f.Error)),
            (TrainingFailed f, TrainerPhase.Evaluating d) when f.Round == d.Round => Report(state, new Failed(f.Round, f.Error)),
            (ModelEvaluated e, TrainerPhase.Evaluating d) when e.Round == d.Round => Conclude(state, e, d),
            (BatchWritten or ModelTrained or TrainingFailed or ModelEvaluated, _) => NoEvents.NoEffects,
            (JobCommand j, _) => JobDecider.Decide(state, j),
            _ => throw new UnreachableException(),
        };

    /// <inheritdoc />
    public static TrainerState Evolve(TrainerState state, TrainerEvent happened) =>
        happened switch
        {
            TrainerBegan b => state with
            {
                Began = b,
                Champion = b.Base,
                Generation = 0,
                Phase = new TrainerPhase.Reported(RoundOutcome.Born),
            },
            TrainerChanged c => state with
            {
                Began = state.Began! with { Settings = c.Settings, Seed = c.Seed, Answers = c.Answers },
                Phase = TakenOver(state, c.Settings.Backend),
            },
            Sealed s => state with { Batches = state.Batches.Add(s) },
            Planned p => state with
            {
                Phase = state.Began!.Settings.Backend is { } by ? JobDecider.Begin(p.Plan, by) : new TrainerPhase.Training(p.Plan),
            },
            Skipped s => Reached(state, s.Round, state.Champion, RoundOutcome.Untrained),
            Appointed a => state with { Champion = a.Model, Appointments = state.Appointments.Add(a.Id) },
            Trained t => state with
            {
                Checkpoints = state.Checkpoints.Add(t.Candidate),
                Phase = new TrainerPhase.Evaluating(t.Round, t.Candidate),
            },
            LostTrack l => Reached(state, l.Round, state.Champion, RoundOutcome.Failed),
            JobEvent j => state with { Phase = JobDecider.Evolve(state.Phase, j) },
            Failed f => Reached(state, f.Round, state.Champion, RoundOutcome.Failed),
            // precedes the promotion of the same decision; only a fork can be between the two
            GateUnchecked => state with { Phase = ((TrainerPhase.Evaluating)state.Phase) with { Unchecked = true } },
            Promoted p => Reached(state, p.Round, p.Candidate, RoundOutcome.Promoted),
            RolledBack r => Reached(state, r.Round, state.Champion, RoundOutcome.RolledBack),
            _ => throw new UnreachableException(),
        };

    /// <inheritdoc />
    public static ImmutableArray<Effect> Pending(TrainerState state) =>
        state.Phase switch
        {
            TrainerPhase.Waiting => [],
            TrainerPhase.Training d => [new TrainModel(d.Plan)],
            TrainerPhase.Preparing or TrainerPhase.Submitting or TrainerPhase.Seeking or TrainerPhase.Awaiting =>
            [
                JobDecider.Pending(state.Phase),
            ],
            TrainerPhase.Evaluating d => [Evaluate(state.Began!, d)],
            TrainerPhase.Reported d => [Loop.Adopt(state.Generation, state.Champion, d.Outcome)],
            _ => throw new UnreachableException(),
        };

    /// <summary>The end of a round, and the adoption that follows from it.</summary>
    /// <param name="events">The last of them ends the round.</param>
    internal static Decision<TrainerEvent> Report(TrainerState state, params ReadOnlySpan<TrainerEvent> events)
    {
        var after = state;
        foreach (var happened in events)
            after = Evolve(after, happened);
        var outcome = ((TrainerPhase.Reported)after.Phase).Outcome;
        return Accept(events).Then(Loop.Adopt(after.Generation, after.Champion, outcome));
    }

    private static Decision<TrainerEvent> Accept(params ReadOnlySpan<TrainerEvent> events) => Decision.Accept(events);

    // A fork whose plans another backend carries out starts the plan that was under way again.
    private static Decision<TrainerEvent> Change(TrainerState state, ChangeTrainer c)
    {
        var changed = new TrainerChanged(c.Settings, c.Seed, c.Answers);
        var after = Evolve(state, changed);
        return ReferenceEquals(after.Phase, state.Phase) ? Accept(changed) : Accept(changed).Then(Pending(after).AsSpan());
    }

    private static bool IsAsBefore(ChangeTrainer c, TrainerBegan began) =>
        (c.Settings, c.Seed, c.Answers) == (began.Settings, began.Seed, began.Answers);

    private static TrainingPlan PlanOf(TrainerPhase duty) => duty is TrainerPhase.Training d ? d.Plan : JobDecider.Of(duty)!.Plan;

    // If the fork has another backend, a plan that was under way starts again there.
    private static TrainerPhase TakenOver(TrainerState state, ExternalTraining? by)
    {
        if (state.Phase is TrainerPhase.Evaluating measuring)
            return measuring with { Unchecked = false }; // the fork's gate may have other bounds
        if (Equals(by, state.Began!.Settings.Backend) || state.Phase is not TrainerPhase.Training && JobDecider.Of(state.Phase) is null)
            return state.Phase;
        var plan = PlanOf(state.Phase);
        return by is null ? new TrainerPhase.Training(plan) : JobDecider.Begin(plan, by);
    }

    private static NoEvents RepeatPending(TrainerState state) => new(Pending(state));

    private static TrainerState Reached(TrainerState state, int generation, ModelId champion, RoundOutcome outcome) =>
        state with
        {
            Generation = generation,
            Champion = champion,
            Phase = new TrainerPhase.Reported(outcome),
        };

    // A user can appoint a checkpoint of this instance or its base; the plan, any model. The current champion is none.
    private static bool MayAppoint(TrainerState state, Appoint a) =>
        !state.Appointments.Contains(a.Id)
        && a.Model != state.Champion
        && (a.Planned || a.Model == state.Began!.Base || state.Checkpoints.Contains(a.Model));

    private static Decision<TrainerEvent> Appointing(TrainerState state, Appoint a, TrainerPhase.Reported duty) =>
        Decision
            .Accept<TrainerEvent>([new Appointed(a.Id, a.Model, state.Champion, a.By, a.Why, a.Planned)])
            .Then(Loop.Adopt(state.Generation, a.Model, duty.Outcome, a.Id));

    private static Decision<TrainerEvent> Begin(TrainerState state, Seal seal)
    {
        var (began, settings) = (state.Began!, state.Began!.Settings);
        if (!settings.Train)
            return Report(state, new Skipped(seal.Round, "the variant is never trained"));
        if (seal.Kept.IsEmpty)
            return Report(state, new Skipped(seal.Round, "nothing was kept in this round"));
        if (settings.Method is TrainingMethod.Dpo { Rejected: RejectedFrom.Candidates } && seal.Kept.All(k => k.Others.IsDefaultOrEmpty))
            return Report(state, new Skipped(seal.Round, "no answer that was kept in this round had another beside it to be preferred to"));
        // The anchor draw belongs to the block: variants with different policies get the same anchor data.
        var draw = settings.FreshAnchor ? seal.Round : 1;
        var real = seal.Round == 1 ? settings.RealExamples ?? 0 : 0;
        ModelId? other = settings.Method is TrainingMethod.Dpo { Rejected: RejectedFrom.Untuned } ? null : began.Base;
        var rejected = began.Answers is { } sampling
            ? new RejectedAnswers(other, began.Charter, sampling, began.Seed.Derive("rejected", seal.Round))
            : null;
        return NoEvents.Then(
            new WriteBatch(seal.Round, seal.Kept, settings.Anchor, began.BlockSeed.Derive("anchor", draw), real, rejected)
        );
    }

    private static Decision<TrainerEvent> Plan(TrainerState state, BatchWritten w)
    {
        var (began, settings) = (state.Began!, state.Began!.Settings);
        // If the fork was made between sealing and planning, the batch is sealed already.
        var known = state.Batches.FirstOrDefault(b => b.Round == w.Round);
        var batch = known ?? new Sealed(w.Round, w.Ids, w.Batch, w.Anchor, w.AnchorCount, w.Rejected);
        var all = known is null ? state.Batches.Add(batch) : state.Batches;
        var used = settings.Data switch
        {
            DataRegime.Replace => all.TakeLast(1),
            DataRegime.Accumulate => all,
            DataRegime.Window => all.Where(b => b.Round > w.Round - settings.Window),
            _ => throw new UnreachableException(),
        };
        var parts = (settings.Anchor < 1 ? used.Select(b => b.Batch) : []).Concat(
            used.Where(b => b.Anchor is not null).Select(b => b.Anchor!)
        );
        var start = settings.Start == StartFrom.Continued ? state.Champion : began.Base;
        var planned = new Planned(
            new TrainingPlan(
                w.Round,
                [.. parts],
                start,
                settings.Epochs,
                settings.LearningRate,
                began.Seed.Derive("train", w.Round),
                settings.Method,
                settings.Budget,
                settings.Draw,
                settings.Start == StartFrom.Untrained ? began.BlockSeed.Derive("untrained") : null
            )
        );
        var decision = known is null ? Accept(batch, planned) : Accept(planned);
        return decision.Then(
            settings.Backend is { } by ? JobDecider.Pending(JobDecider.Begin(planned.Plan, by)) : new TrainModel(planned.Plan)
        );
    }

    private static Decision<TrainerEvent> Conclude(TrainerState state, ModelEvaluated e, TrainerPhase.Evaluating duty)
    {
        var (settings, candidate) = (state.Began!.Settings, duty.Candidate);
        var open = settings.Backend is null ? [] : Gate.Uncheckable(settings.Gate, e.Figures);
        ImmutableArray<string> objections =
        [
            .. Gate.NoCandidate(e.Figures),
            .. Gate.Objections(open.IsEmpty ? settings.Gate : Gate.Checkable(settings.Gate, e.Figures), e.Figures),
        ];
        if (!objections.IsEmpty)
            return Report(state, new RolledBack(e.Round, candidate, e.Figures, objections));
        var promoted = new Promoted(e.Round, candidate, e.Figures);
        return open.IsEmpty || duty.Unchecked
            ? Report(state, promoted)
            : Report(state, new GateUnchecked(e.Round, candidate, open), promoted);
    }

    private static EvaluateModel Evaluate(TrainerBegan began, TrainerPhase.Evaluating duty) =>
        new(
            duty.Round,
            duty.Candidate,
            began.Base,
            began.Charter,
            began.Probes,
            began.BlockSeed.Derive("held-out"),
            began.Seed.Derive("evaluate", duty.Round),
            duty.Failures + 1
        );
}
