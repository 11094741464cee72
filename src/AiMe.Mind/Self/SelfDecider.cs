using System.Collections.Immutable;
using System.Diagnostics;
using AiMe.Kernel;

namespace AiMe.Mind;

/// <summary>The Self: charter, self-model, current model; recalls, prompts, answers, and sits the probes at every generation.</summary>
public sealed class SelfDecider : IDecider<SelfState, SelfCommand, SelfEvent>
{
    /// <inheritdoc />
    public static SelfState Initial { get; } = new(null, new SelfDuty.Unborn(), new ModelId(""), Generation: -1, Cycle: 0, Drives: 0, "", LastInsight: null);

    /// <inheritdoc />
    public static Decision<SelfEvent> Decide(SelfState state, SelfCommand command) => (command, state.Duty) switch
    {
        (BeginSelf b, SelfDuty.Unborn) => [new SelfBegan(b.Spec)],
        (BeginSelf, _) => SameAgain(state),
        (_, SelfDuty.Unborn) => new Refusal("the Self is not born yet: BeginSelf comes first"),

        (FacultyBegan f, SelfDuty.WakingOthers) => WakeAfter(f.Faculty, state.Spec!),
        (FacultyBegan, _) => SameAgain(state),

        (Live l, SelfDuty.Handing or SelfDuty.RoundClosed) when l.Cycle == state.Cycle + 1 => [Hear(l, state)],
        (Live l, _) when l.Cycle <= state.Cycle => SameAgain(state),
        (Live l, _) => new Refusal($"cycle {l.Cycle} cannot begin: the Self is in cycle {state.Cycle} and {state.Duty.GetType().Name}"),

        (RecallFound r, SelfDuty.Recalling d) when r.For == RecallFor.OfCycle(state.Cycle) => Compose(state, d, r),
        (RecallFound r, SelfDuty.Probing) when r.For == RecallFor.OfProbes(state.Generation) => Again.With(Probe(state, r)),
        (RecallFound, _) => Again.Nothing,

        (AnswerGenerated a, SelfDuty.Speaking d) when a.Cycle == state.Cycle && a.Attempt == d.Attempt =>
            [new Answered(a.Cycle, a.Candidates, Choose(a.Candidates, state.Spec!.Self.Pick))],
        (AnswerFailed f, SelfDuty.Speaking d) when f.Cycle == state.Cycle && f.Attempt == d.Attempt =>
            [new GenerationFailed(f.Cycle, f.Attempt, f.Error)],
        (AnswerGenerated or AnswerFailed, _) => Again.Nothing,

        (Adopt a, SelfDuty.Handing or SelfDuty.WakingOthers) when a.Generation == state.Generation + 1 => [new Adopted(a.Generation, a.Model, a.Outcome)],
        (Adopt a, _) when a.Generation <= state.Generation => SameAgain(state),
        (Adopt a, _) => new Refusal($"generation {a.Generation} cannot be adopted: the Self is at generation {state.Generation}"),

        (ProbesAnswered p, SelfDuty.Probing) when p.Generation == state.Generation =>
            [new Probed(p.Generation, state.Model, state.SelfModel, p.Results, p.Heads)],
        (ProbesAnswered, _) => Again.Nothing,

        _ => throw new UnreachableException(),
    };

    /// <inheritdoc />
    public static SelfState Evolve(SelfState state, SelfEvent happened) => happened switch
    {
        SelfBegan b => state with { Spec = b.Spec, Model = b.Spec.Base, SelfModel = b.Spec.Charter.SelfModel, Duty = new SelfDuty.WakingOthers() },
        Heard h => state with { Cycle = h.Cycle, Drives = state.Drives + (h.Stimulus.Internal ? 1 : 0), Duty = new SelfDuty.Recalling(h.At, h.Stimulus) },
        SelfModelRevised r => state with { SelfModel = r.Text, LastInsight = r.Because },
        Prompted p => state with { Duty = state.Duty is SelfDuty.Recalling d ? new SelfDuty.Speaking(d.At, d.Stimulus, p.Prompt, Attempt: 1) : throw Astray(state, happened) },
        GenerationFailed f => state with { Duty = AfterFailure(state, f) },
        Answered a => state with { Duty = state.Duty is SelfDuty.Speaking d ? new SelfDuty.Handing(new Draft(a.Cycle, d.At, d.Stimulus, d.Prompt, a.Candidates[a.Chosen], state.Model)) : throw Astray(state, happened) },
        Adopted a => state with { Generation = a.Generation, Model = a.Model, Duty = new SelfDuty.Probing() },
        Probed => state with { Duty = new SelfDuty.RoundClosed() },
        _ => throw new UnreachableException(),
    };

    /// <inheritdoc />
    public static ImmutableArray<Effect> Pending(SelfState state) => state.Duty switch
    {
        SelfDuty.Unborn => [],
        SelfDuty.WakingOthers => [Loop.BeginMemory(state.Spec!)],
        SelfDuty.Recalling d => [Loop.Recall(RecallFor.OfCycle(state.Cycle), [d.Stimulus.Text], d.At)],
        SelfDuty.Speaking d => [Ask(state, d)],
        SelfDuty.Handing d => [Loop.Reflect(d.Draft)],
        SelfDuty.Probing => [Loop.Recall(RecallFor.OfProbes(state.Generation), Queries(state.Spec!.Probes), TimeOf(state))],
        SelfDuty.RoundClosed => [Loop.CycleClosed(state.Spec!.Name, state.Cycle, state.Generation)],
        SelfDuty.GivenUp g => [Loop.Park(state.Spec!.Name, g.Error)],
        _ => throw new UnreachableException(),
    };

    private static Again SameAgain(SelfState state) => new(Pending(state));

    // The faculties wake in the order in which the heads are listed; the last, the Trainer, answers with generation 0.
    private static Again WakeAfter(string faculty, InstanceSpec spec) => faculty switch
    {
        Loop.Memory => Again.With(Loop.BeginReflector(spec)),
        Loop.Reflector => Again.With(Loop.BeginCurator(spec)),
        Loop.Curator => Again.With(Loop.BeginTrainer(spec)),
        _ => throw new UnreachableException($"the faculty '{faculty}' does not report that it began"),
    };

    private static Heard Hear(Live live, SelfState state)
    {
        if (live.Stimulus is { } external)
            return new(live.Cycle, live.At, external);
        var drives = state.Spec!.Charter.Drives;
        var drive = drives[state.Drives % drives.Length];
        return new(live.Cycle, live.At, new Stimulus(drive.Id, drive.Text, drive.Topic, Internal: true));
    }

    private static Decision<SelfEvent> Compose(SelfState state, SelfDuty.Recalling duty, RecallFound found)
    {
        var spec = state.Spec!;
        if (found.Newest is not { } insight || insight.Id == state.LastInsight)
            return [new Prompted(state.Cycle, state.Model, Prompt.Agent(spec.Charter, state.SelfModel, found.Hits[0], duty.Stimulus))];

        var revised = Revise(spec.Charter, insight);
        return
        [
            new SelfModelRevised(revised, insight.Id),
            new Prompted(state.Cycle, state.Model, Prompt.Agent(spec.Charter, revised, found.Hits[0], duty.Stimulus)),
        ];
    }

    // The first form stays; what was learned last stands behind it. So the self-model can change without growing or being lost.
    private static string Revise(Charter charter, Insight insight) => $"{charter.SelfModel} {insight.Statement}";

    private static int Choose(ImmutableArray<Candidate> candidates, ScoreName? pick)
    {
        if (pick is not { } by)
            return 0;
        var best = 0;
        for (var i = 1; i < candidates.Length; i++)
        {
            // NaN never wins, and ties go to the earlier candidate.
            if (Merit(i) > Merit(best) || double.IsNaN(Merit(best)))
                best = i;
        }

        return best;

        // Of perplexity the least is the best.
        double Merit(int i) => by.Of(candidates[i].Scores) * (by == ScoreName.Perplexity ? -1 : 1);
    }

    private static SelfDuty AfterFailure(SelfState state, GenerationFailed failed)
    {
        if (state.Duty is not SelfDuty.Speaking d)
            throw Astray(state, failed);
        return failed.Attempt < state.Spec!.Self.Attempts ? d with { Attempt = failed.Attempt + 1 } : new SelfDuty.GivenUp(failed.Error);
    }

    private static GenerateAnswer Ask(SelfState state, SelfDuty.Speaking duty) => new(
        state.Cycle,
        duty.Attempt,
        state.Model,
        duty.Prompt,
        state.Spec!.Charter,
        duty.Stimulus,
        state.Spec.Self,
        state.Spec.Seed.Derive(state.Cycle, "answer", duty.Attempt));

    private static AskProbes Probe(SelfState state, RecallFound found) => new(
        state.Generation,
        state.Model,
        state.Spec!.Charter,
        state.Spec.Probes,
        state.SelfModel,
        found.Hits,
        state.Spec.Self.Sampling,
        state.Spec.BlockSeed.Derive("held-out"),
        // The same seed at every generation: what differs between the answers is the model, not the dice.
        state.Spec.Seed.Derive("probes"));

    private static ImmutableArray<string> Queries(ProbeSet probes) =>
        [.. probes.Choices.Select(p => p.Asks[0].Ask), .. probes.Open.Select(p => p.Asks[0])];

    private static DateTime TimeOf(SelfState state) => state.Spec!.Epoch + state.Cycle * state.Spec.Tick;

    private static InvalidOperationException Astray(SelfState state, Event happened) =>
        new($"The event {happened.GetType().Name} cannot follow in cycle {state.Cycle}: the Self is {state.Duty.GetType().Name}.");
}
