using System.Collections.Immutable;
using System.Diagnostics;
using AiMe.Kernel;

namespace AiMe.Mind;

/// <summary>The Supervisor of a run: creates the instances, feeds them stimuli, parks what keeps failing, ends the run.</summary>
public sealed class SupervisorDecider : IDecider<SupervisorState, SupervisorCommand, SupervisorEvent>
{
    /// <inheritdoc />
    public static SupervisorState Initial { get; } = new(null, [], ImmutableSortedDictionary.Create<string, LifeProgress>(StringComparer.Ordinal), null);

    /// <inheritdoc />
    public static Decision<SupervisorEvent> Decide(SupervisorState state, SupervisorCommand command) => command switch
    {
        StartRun s when state.Plan is null => Started(state, s),
        StartRun s when s.Plan.Run == state.Plan.Run => new Again(Pending(state)),
        StartRun s => new Refusal($"this journal stream holds the run {state.Plan.Run}, not {s.Plan.Run}"),
        _ when state.Plan is null => new Refusal("the run has not started: StartRun comes first"),

        CycleClosed c when !state.Lives.ContainsKey(c.Instance) => new Refusal($"the run has no instance '{c.Instance}'"),
        CycleClosed c when state.Lives[c.Instance].Status != LifeStatus.Living => Again.Nothing,
        CycleClosed c when IsNews(state, c) => Concluded(state, News(state, c)),
        CycleClosed c when c.Cycle < state.Plan.Cycles => Again.With(Next(state, c.Instance, c.Cycle + 1)),
        CycleClosed => Again.Nothing,

        ParkInstance p when state.Lives.TryGetValue(p.Instance, out var life) && life.Status == LifeStatus.Living =>
            Concluded(state, Decision.Accept<SupervisorEvent>([new InstanceParked(p.Instance, p.Reason)])),
        ParkInstance => Again.Nothing,
        _ => throw new UnreachableException(),
    };

    /// <inheritdoc />
    public static SupervisorState Evolve(SupervisorState state, SupervisorEvent happened) => happened switch
    {
        RunPlanned p => state with
        {
            Plan = p.Plan,
            Orders = [.. Enumerable.Range(1, p.Plan.Replicates).Select(p.Plan.OrderOf)],
            Lives = state.Lives.AddRange(p.Plan.Instances.Select(i => KeyValuePair.Create(
                RunPlan.NameOf(i.Variant, i.Replicate),
                new LifeProgress(i.Replicate, i.Variant.Name, Cycle: 0, Generation: -1, LifeStatus.Living, Heads.None)))),
        },
        InstanceAdvanced a => With(state, a.Instance, life => life with { Cycle = a.Cycle, Generation = a.Generation, Heads = a.Heads }),
        InstanceFinished f => With(state, f.Instance, life => life with { Cycle = f.Cycle, Status = LifeStatus.Finished, Heads = f.Heads }),
        InstanceParked p => With(state, p.Instance, life => life with { Status = LifeStatus.Parked }),
        RunEnded e => state with { Digest = e.Digest },
        _ => throw new UnreachableException(),
    };

    /// <inheritdoc />
    public static ImmutableArray<Effect> Pending(SupervisorState state) => state.Plan is null
        ? []
        : [.. state.Lives.Where(l => l.Value.Status == LifeStatus.Living && (l.Value.Generation < 0 || l.Value.Cycle < state.Plan.Cycles)).Select(l => Next(state, l.Key, l.Value.Cycle + 1))];

    /// <inheritdoc />
    /// <remarks>Nothing: each decision says what follows for its instance, so that a step costs the same with ten thousand instances.</remarks>
    public static ImmutableArray<Effect>? Owed(SupervisorState before, SupervisorState after) => ImmutableArray<Effect>.Empty;

    private static Decision<SupervisorEvent> Started(SupervisorState state, StartRun start)
    {
        var planned = new RunPlanned(start.Plan);
        return Decision.Accept<SupervisorEvent>([planned]).Then(Pending(Evolve(state, planned)).AsSpan());
    }

    // Within a round only the last cycle is news: that a cycle is closed stands in the instance's own streams.
    private static bool IsNews(SupervisorState state, CycleClosed c) =>
        c.Generation > state.Lives[c.Instance].Generation || c.Cycle == state.Plan!.Cycles;

    private static Decision<SupervisorEvent> News(SupervisorState state, CycleClosed c)
    {
        var events = ImmutableArray.CreateBuilder<SupervisorEvent>(2);
        if (c.Generation is { } g && g > state.Lives[c.Instance].Generation)
            events.Add(new InstanceAdvanced(c.Instance, c.Cycle, g, c.Heads));
        if (c.Cycle == state.Plan!.Cycles)
            events.Add(new InstanceFinished(c.Instance, c.Cycle, c.Heads));
        var decision = Decision.Accept<SupervisorEvent>(events.ToArray());
        if (c.Cycle == state.Plan.Cycles)
            return decision;
        return decision.Then(Next(events.Aggregate(state, Evolve), c.Instance, c.Cycle + 1));
    }

    // The run ends with its last living instance.
    private static Decision<SupervisorEvent> Concluded(SupervisorState state, Decision<SupervisorEvent> decision)
    {
        var after = decision.Events.Aggregate(state, Evolve);
        if (after.Lives.Values.Any(l => l.Status == LifeStatus.Living))
            return decision;
        var ended = new RunEnded(
            SupervisorState.DigestOf(after.Lives),
            after.Lives.Values.Count(l => l.Status == LifeStatus.Finished),
            after.Lives.Values.Count(l => l.Status == LifeStatus.Parked));
        return Decision.Accept<SupervisorEvent>([.. decision.Events, ended]);
    }

    private static Tell Next(SupervisorState state, string instance, int cycle)
    {
        var (plan, life) = (state.Plan!, state.Lives[instance]);
        if (life.Generation < 0)
            return Loop.BeginSelf(plan.Spec(plan.Variants.First(v => v.Name == life.Variant), life.Replicate));
        Stimulus? stimulus = plan.ExternalAt(cycle) is { } i ? plan.Stimuli[state.Orders[life.Replicate - 1][i]] : null;
        return Loop.Live(instance, cycle, plan.Epoch + cycle * plan.Tick, stimulus);
    }

    private static SupervisorState With(SupervisorState state, string instance, Func<LifeProgress, LifeProgress> change) =>
        state with { Lives = state.Lives.SetItem(instance, change(state.Lives[instance])) };
}
