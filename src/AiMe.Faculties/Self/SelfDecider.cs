using System.Collections.Immutable;
using System.Diagnostics;
using AiMe.EventSourcing;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Trainer;

namespace AiMe.Faculties.Self;

/// <summary>The Self: charter, self-model, current model; recalls, prompts, answers, and answers the probes of every generation.</summary>
public sealed class SelfDecider : IDecider<SelfState, SelfCommand, SelfEvent>
{
    /// <inheritdoc />
    public static SelfState Initial { get; } =
        new(
            null,
            new SelfPhase.NotStarted(),
            new ModelId(""),
            Generation: -1,
            Cycle: 0,
            Drives: 0,
            "",
            LastInsight: null,
            CurrentInput: "",
            AnswersInRound: 0,
            Revival: 0
        );

    /// <inheritdoc />
    public static Decision<SelfEvent> Decide(SelfState state, SelfCommand command) =>
        (command, state.Phase) switch
        {
            (BeginSelf b, SelfPhase.NotStarted) => Accept(new SelfBegan(b.Spec)).Then(Loop.BeginMemory(b.Spec)),
            (BeginSelf, _) => RepeatPending(state),
            (TryAgain, SelfPhase.NotStarted) => NoEvents.NoEffects,
            (_, SelfPhase.NotStarted) => new Refusal("the Self is not born yet: BeginSelf comes first"),

            (FacultyBegan f, SelfPhase.StartingFaculties) => WakeAfter(f.Faculty, state.Spec!),
            (FacultyBegan, _) => RepeatPending(state),

            (Live l, SelfPhase.PassingOn or SelfPhase.RoundClosed or SelfPhase.Withdrawn) when l.Cycle == state.Cycle + 1 => Begin(
                state,
                l
            ),
            (Live l, _) when l.Cycle <= state.Cycle => RepeatPending(state),
            // an old message: the Supervisor sends the cycle again afterwards
            (Live, SelfPhase.EndingRound or SelfPhase.ChangingModel or SelfPhase.ChangingPolicy) => NoEvents.NoEffects,
            (Live l, _) => new Refusal(
                $"cycle {l.Cycle} cannot begin: the Self is in cycle {state.Cycle} and {state.Phase.GetType().Name}"
            ),

            (Withdraw w, SelfPhase.Answering or SelfPhase.GivenUp { Was: SelfPhase.Answering })
                when IsCurrentInput(state, w.Cycle, w.Stimulus) => Accept(new Withdrew(w.Cycle, w.Reason))
                .Then(Loop.CycleWithdrawn(state.Cycle, state.CurrentInput, w.Reason)),
            (Withdraw w, SelfPhase.Withdrawn) when IsCurrentInput(state, w.Cycle, w.Stimulus) => RepeatPending(state),
            (Withdraw, _) => NoEvents.NoEffects, // answered already, or not received yet

            (CallRound r, SelfPhase.PassingOn or SelfPhase.RoundClosed or SelfPhase.Withdrawn)
                when r.Cycle == state.Cycle && r.Id != state.CurrentInput => End(state, r),
            (CallRound r, _) when IsCurrentInput(state, r.Cycle, r.Id) => RepeatPending(state),
            (CallRound, _) => NoEvents.NoEffects, // of a cycle that is no longer the last

            (CallModel m, SelfPhase.PassingOn or SelfPhase.RoundClosed or SelfPhase.Withdrawn)
                when m.Cycle == state.Cycle && m.Id != state.CurrentInput => Accept(
                    new ModelCalled(m.Cycle, m.Id, m.Model, m.By, m.Why, m.Planned)
                )
                .Then(Loop.Appoint(m.Id, new SelfPhase.ChangingModel(m.Model, m.By, m.Why, m.Planned))),
            (CallModel m, _) when IsCurrentInput(state, m.Cycle, m.Id) => RepeatPending(state),
            (CallModel, _) => NoEvents.NoEffects, // of a cycle that is no longer the last

            (CallPolicy c, SelfPhase.PassingOn or SelfPhase.RoundClosed or SelfPhase.Withdrawn)
                when c.Cycle == state.Cycle && c.Id != state.CurrentInput => Accept(new PolicyCalled(c.Cycle, c.Id, c.Policy))
                .Then(Loop.ApplyPolicy(c.Id, c.Policy)),
            (CallPolicy c, _) when IsCurrentInput(state, c.Cycle, c.Id) => RepeatPending(state),
            (CallPolicy, _) => NoEvents.NoEffects, // of a cycle that is no longer the last
            (PolicyApplied a, SelfPhase.ChangingPolicy d) when a.Id == state.CurrentInput => Accept(
                    new PolicyChanged(state.Cycle, a.Id, d.Policy)
                )
                .Then(Loop.CycleClosed(state.Cycle, a.Id, state.Generation)),
            (PolicyApplied a, _) => a.Id == state.CurrentInput ? RepeatPending(state) : NoEvents.NoEffects,

            (RecallFound r, SelfPhase.Recalling d) when r.For == RecallFor.OfCycle(state.Cycle) => Compose(state, d, r),
            (RecallFound r, SelfPhase.Probing d) when r.For == RecallFor.OfProbes(state.Generation) => NoEvents.Then(
                SelfRequests.Probe(state, r, d.Attempt)
            ),
            (RecallFound, _) => NoEvents.NoEffects,

            (AnswerGenerated a, SelfPhase.Answering d) when a.Cycle == state.Cycle && a.Attempt == d.Attempt => Answer(state, d, a),
            (AnswerFailed f, SelfPhase.Answering d) when f.Cycle == state.Cycle && f.Attempt == d.Attempt => OnAnswerFailed(state, d, f),
            (AnswerGenerated or AnswerFailed, _) => NoEvents.NoEffects,

            (Adopt { Appointment: { } id } a, SelfPhase.ChangingModel) when id == state.CurrentInput => Accept(
                    new ModelChanged(state.Cycle, id, a.Model)
                )
                .Then(Loop.CycleClosed(state.Cycle, id, state.Generation)),
            (Adopt { Appointment: { } id }, _) => id == state.CurrentInput ? RepeatPending(state) : NoEvents.NoEffects,
            (Adopt a, SelfPhase.PassingOn or SelfPhase.StartingFaculties or SelfPhase.EndingRound)
                when a.Generation == state.Generation + 1 => Accept(new Adopted(a.Generation, a.Model, a.Outcome))
                .Then(Loop.Recall(SelfRequests.RecallForProbes(state, a.Generation))),
            (Adopt a, _) when a.Generation <= state.Generation => RepeatPending(state),
            (Adopt a, _) => new Refusal($"generation {a.Generation} cannot be adopted: the Self is at generation {state.Generation}"),

            (ProbesAnswered p, SelfPhase.Probing) when p.Generation == state.Generation => Accept(
                    new Probed(p.Generation, state.Model, state.SelfModel, p.Results, p.Heads)
                )
                .Then(Loop.CycleClosed(state.Cycle, state.CurrentInput, state.Generation)),
            (ProbesFailed f, SelfPhase.Probing d) when f.Generation == state.Generation && f.Attempt == d.Attempt => OnProbesFailed(
                state,
                f
            ),
            (ProbesAnswered or ProbesFailed, _) => NoEvents.NoEffects,

            (TryAgain t, SelfPhase.GivenUp { Was: SelfPhase.Answering d }) when t.Revival > state.Revival => Accept(
                    new TriedAgain(state.Cycle, t.Revival)
                )
                .Then(SelfRequests.Answer(state, d)),
            (TryAgain t, SelfPhase.GivenUp) when t.Revival > state.Revival => Accept(new TriedAgain(state.Cycle, t.Revival))
                .Then(Loop.Recall(SelfRequests.RecallForProbes(state, state.Generation))),
            (TryAgain, _) => RepeatPending(state),

            (BecomeFork f, _) when f.Name == state.Spec!.Name => NoEvents.NoEffects,
            (BecomeFork f, _) => Branch(state, f),

            _ => throw new UnreachableException(),
        };

    /// <inheritdoc />
    public static SelfState Evolve(SelfState state, SelfEvent happened) =>
        happened switch
        {
            SelfBegan b => state with
            {
                Spec = b.Spec,
                Model = b.Spec.Base,
                SelfModel = b.Spec.Charter.SelfModel,
                Phase = new SelfPhase.StartingFaculties(),
            },
            Heard h => state with
            {
                Cycle = h.Cycle,
                Drives = state.Drives + (h.Stimulus.Internal ? 1 : 0),
                CurrentInput = h.Stimulus.Id,
                Phase = new SelfPhase.Recalling(h.At, h.Stimulus),
            },
            ExperienceGiven g => state with
            {
                Phase = state.Phase is SelfPhase.Recalling d ? d with { Given = g.Given } : throw Unexpected(state, happened),
            },
            SelfModelRevised r => state with { SelfModel = r.Text, LastInsight = r.Because },
            Prompted p => state with
            {
                Phase = state.Phase is SelfPhase.Recalling d
                    ? new SelfPhase.Answering(d.At, d.Stimulus, p.Prompt, Attempt: 1, d.Given)
                    : throw Unexpected(state, happened),
            },
            GenerationFailed f => state with
            {
                Phase = state.Phase is SelfPhase.Answering d
                    ? AfterFailure(state, f.Attempt, f.Error, d with { Attempt = f.Attempt + 1 })
                    : throw Unexpected(state, happened),
            },
            Answered a => state with
            {
                AnswersInRound = state.AnswersInRound + 1,
                Phase = state.Phase is SelfPhase.Answering d
                    ? new SelfPhase.PassingOn(DraftOf(state, d, a))
                    : throw Unexpected(state, happened),
            },
            Withdrew w => state with { Phase = new SelfPhase.Withdrawn(w.Reason) },
            RoundCalled r => state with { CurrentInput = r.Id, Phase = new SelfPhase.EndingRound() },
            ModelCalled m => state with { CurrentInput = m.Id, Phase = new SelfPhase.ChangingModel(m.Model, m.By, m.Why, m.Planned) },
            PolicyCalled p => state with { CurrentInput = p.Id, Phase = new SelfPhase.ChangingPolicy(p.Policy) },
            PolicyChanged p => state with { Spec = state.Spec! with { Curate = p.Policy }, Phase = new SelfPhase.RoundClosed() },
            ModelChanged m => state with { Model = m.Model, Phase = new SelfPhase.RoundClosed() },
            Adopted a => state with { Generation = a.Generation, Model = a.Model, AnswersInRound = 0, Phase = new SelfPhase.Probing() },
            ProbingFailed f => state with
            {
                Phase =
                    state.Phase is SelfPhase.Probing
                        ? AfterFailure(state, f.Attempt, f.Error, new SelfPhase.Probing(f.Attempt + 1))
                        : throw Unexpected(state, happened),
            },
            Probed => state with { Phase = new SelfPhase.RoundClosed() },
            TriedAgain t => state with
            {
                Revival = t.Revival,
                Phase = state.Phase is SelfPhase.GivenUp g ? g.Was : throw Unexpected(state, happened),
            },
            Forked f => state with { Spec = (f.Changed is { } changed ? state.Spec!.With(changed) : state.Spec!) with { Name = f.Name } },
            _ => throw new UnreachableException(),
        };

    /// <inheritdoc />
    public static ImmutableArray<Effect> Pending(SelfState state) =>
        state.Phase switch
        {
            SelfPhase.NotStarted => [],
            SelfPhase.StartingFaculties => [Loop.BeginMemory(state.Spec!)],
            SelfPhase.Recalling d => [Loop.Recall(new Recall(RecallFor.OfCycle(state.Cycle), [d.Stimulus.Text], d.At))],
            SelfPhase.Answering d => [SelfRequests.Answer(state, d)],
            SelfPhase.PassingOn d => [Loop.Reflect(d.Draft)],
            SelfPhase.Withdrawn d => [Loop.CycleWithdrawn(state.Cycle, state.CurrentInput, d.Reason)],
            SelfPhase.EndingRound => [Loop.EndRound(state.Spec!, state.Cycle)],
            SelfPhase.ChangingModel d => [Loop.Appoint(state.CurrentInput, d)],
            SelfPhase.ChangingPolicy d => [Loop.ApplyPolicy(state.CurrentInput, d.Policy)],
            SelfPhase.Probing => [Loop.Recall(SelfRequests.RecallForProbes(state, state.Generation))],
            SelfPhase.RoundClosed => [Loop.CycleClosed(state.Cycle, state.CurrentInput, state.Generation)],
            SelfPhase.GivenUp g =>
            [
                Loop.GaveUp(state.Cycle, g.Was is SelfPhase.Answering ? state.CurrentInput : "", state.Revival, g.Error),
            ],
            _ => throw new UnreachableException(),
        };

    private static Decision<SelfEvent> Accept(params ReadOnlySpan<SelfEvent> events) => Decision.Accept(events);

    private static NoEvents RepeatPending(SelfState state) => new(Pending(state));

    private static bool IsCurrentInput(SelfState state, int cycle, string stimulus) =>
        state.Cycle == cycle && state.CurrentInput == stimulus;

    // The faculties start in the order of the heads; the last, the Trainer, answers with generation 0.
    private static NoEvents WakeAfter(string faculty, InstanceSpec spec) =>
        faculty switch
        {
            Loop.Memory => NoEvents.Then(Loop.BeginReflector(spec)),
            Loop.Reflector => NoEvents.Then(Loop.BeginCurator(spec)),
            Loop.Curator => NoEvents.Then(Loop.BeginTrainer(spec)),
            _ => throw new UnreachableException($"the faculty '{faculty}' does not report that it began"),
        };

    private static Decision<SelfEvent> Begin(SelfState state, Live live)
    {
        var stimulus = live.Stimulus ?? NextDrive(state);
        var heard = new Heard(live.Cycle, live.At, stimulus);
        var decision = live.Given is { } given ? Accept(heard, new ExperienceGiven(live.Cycle, given)) : Accept(heard);
        return decision.Then(Loop.Recall(new Recall(RecallFor.OfCycle(live.Cycle), [stimulus.Text], live.At)));
    }

    private static Stimulus NextDrive(SelfState state)
    {
        var drives = state.Spec!.Charter.Drives;
        var drive = drives[state.Drives % drives.Length];
        return new(drive.Id, drive.Text, drive.Topic, Internal: true);
    }

    // Without an experience since the last generation there is no round to end.
    private static Decision<SelfEvent> End(SelfState state, CallRound wish) =>
        state.AnswersInRound > 0
            ? Accept(new RoundCalled(wish.Cycle, wish.Id)).Then(Loop.EndRound(state.Spec!, wish.Cycle))
            : NoEvents.Then(Loop.CycleClosed(wish.Cycle, wish.Id, state.Generation));

    private static Decision<SelfEvent> Compose(SelfState state, SelfPhase.Recalling duty, RecallFound found)
    {
        var charter = state.Spec!.Charter;
        var revised =
            found.Newest is { } insight && insight.Id != state.LastInsight
                ? new SelfModelRevised(Revise(charter, insight), insight.Id)
                : null;
        var prompt = Prompt.Agent(charter, revised?.Text ?? state.SelfModel, found.Hits[0], duty.Stimulus);
        var prompted = new Prompted(state.Cycle, state.Model, prompt);
        var decision = revised is null ? Accept(prompted) : Accept(revised, prompted);
        return decision.Then(SelfRequests.Answer(state, new SelfPhase.Answering(duty.At, duty.Stimulus, prompt, Attempt: 1, duty.Given)));
    }

    private static Decision<SelfEvent> Answer(SelfState state, SelfPhase.Answering duty, AnswerGenerated a)
    {
        var answered = new Answered(a.Cycle, a.Candidates, duty.Given is null ? Choose(a.Candidates, state.Spec!.Self.Pick) : 0, a.LeftOut);
        return Accept(answered).Then(Loop.Reflect(DraftOf(state, duty, answered)));
    }

    private static Decision<SelfEvent> OnAnswerFailed(SelfState state, SelfPhase.Answering duty, AnswerFailed f) =>
        Accept(new GenerationFailed(f.Cycle, f.Attempt, f.Error))
            .Then(
                HasTriedEnough(state, f.Attempt)
                    ? Loop.GaveUp(state.Cycle, state.CurrentInput, state.Revival, f.Error)
                    : SelfRequests.Answer(state, duty with { Attempt = f.Attempt + 1 })
            );

    // The first form stays, followed by the newest insight: the self-model changes without growing.
    private static string Revise(Charter charter, Insight insight) => $"{charter.SelfModel} {insight.Statement}";

    private static int Choose(ImmutableArray<Candidate> candidates, ScoreName? pick)
    {
        if (pick is not { } by)
            return 0;
        var best = 0;
        for (var i = 1; i < candidates.Length; i++)
        {
            // NaN never wins; ties go to the earlier candidate.
            if (Merit(i) > Merit(best) || double.IsNaN(Merit(best)))
                best = i;
        }

        return best;

        // The lowest perplexity is the best.
        double Merit(int i) => by.Of(candidates[i].Scores) * (by is ScoreName.Perplexity or ScoreName.CurrentPerplexity ? -1 : 1);
    }

    private static Draft DraftOf(SelfState state, SelfPhase.Answering duty, Answered a) =>
        new(
            a.Cycle,
            duty.At,
            duty.Stimulus,
            duty.Prompt.Without(a.LeftOut),
            a.Candidates[a.Chosen] with
            {
                Reasoning = null,
            }, // it stays in the event
            state.Model,
            duty.Given,
            LearnsPreferences(state) && a.Others.Any() ? [.. a.Others.Select(o => o.Candidate.Text)] : default
        );

    // Only preference training needs the other candidates, and only if they are the rejected answers.
    private static bool LearnsPreferences(SelfState state) =>
        state.Spec!.Trainer is { Train: true, Method: TrainingMethod.Dpo { Rejected: RejectedFrom.Candidates } };

    private static SelfPhase AfterFailure(SelfState state, int attempt, string error, SelfPhase next) =>
        HasTriedEnough(state, attempt) ? new SelfPhase.GivenUp(error, next) : next;

    // After this many attempts the instance is parked; each TryAgain allows as many more.
    private static bool HasTriedEnough(SelfState state, int attempt) => attempt % state.Spec!.Self.Attempts == 0;

    private static Decision<SelfEvent> OnProbesFailed(SelfState state, ProbesFailed f) =>
        Accept(new ProbingFailed(f.Generation, f.Attempt, f.Error))
            .Then(
                HasTriedEnough(state, f.Attempt)
                    ? Loop.GaveUp(state.Cycle, "", state.Revival, f.Error)
                    : Loop.Recall(SelfRequests.RecallForProbes(state, f.Generation))
            );

    // A fork has the pending effects of its parent at this event, as after a crash.
    private static Decision<SelfEvent> Branch(SelfState state, BecomeFork f)
    {
        var forked = new Forked(f.Name, f.Parent, f.Index, f.Heads, f.Rests, f.Changed);
        return state.Phase is SelfPhase.Recalling { Given: null } && f.Given is { } given
            ? Accept(forked, new ExperienceGiven(state.Cycle, given))
            : Accept(forked);
    }

    private static InvalidOperationException Unexpected(SelfState state, Event happened) =>
        new($"The event {happened.GetType().Name} cannot follow in cycle {state.Cycle}: the Self is {state.Phase.GetType().Name}.");
}
