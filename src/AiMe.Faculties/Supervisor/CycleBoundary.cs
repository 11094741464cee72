using System.Collections.Immutable;
using System.Diagnostics;
using AiMe.EventSourcing;

namespace AiMe.Faculties.Supervisor;

/// <summary>
/// The moment between two cycles, when the Supervisor has an instance's turn: what was given beside the plan comes
/// first, in order of arrival, then the plan goes on.
/// </summary>
/// <remarks>
/// Within a round the Supervisor journals no planned cycle, so it may take an input for a cycle that the instance has
/// already begun: an old message was delivered again. The instance passes that over, and the message that closes its
/// cycle names what was heard in it; where that is not the input, the input is taken again, for the next cycle. So
/// nothing given is lost, and nothing planned is left out.
/// </remarks>
internal static class CycleBoundary
{
    /// <summary>An instance after a cycle, and its heads there.</summary>
    public readonly record struct BoundaryPoint(string Instance, int Cycle, Heads Heads);

    /// <summary>A cycle was closed or taken back.</summary>
    /// <param name="heard">Id of what was heard in it.</param>
    /// <param name="generation">Reached with it, or null.</param>
    /// <param name="settle">The event that settles the input in hand, where it was that.</param>
    public static Decision<SupervisorEvent> Reach(
        SupervisorState state,
        BoundaryPoint at,
        string heard,
        int? generation,
        Func<Arrived, SupervisorEvent> settle
    )
    {
        var instance = state.Instances[at.Instance];
        if (instance.Status == InstanceState.Parked || at.Cycle < instance.Cycle)
            return Again.Nothing; // the instance has gone on since, so it has had its answer
        var events = ImmutableArray.CreateBuilder<SupervisorEvent>();
        if (generation > instance.Generation)
            events.Add(new InstanceAdvanced(at.Instance, at.Cycle, generation.Value, at.Heads));
        if (instance.Open is { } open)
        {
            if (at.Cycle == open.Cycle && heard == open.Id)
                events.Add(settle(open));
            else if (CycleFor(open.Input, at.Cycle) > open.Cycle)
                events.Add(new InputTaken(at.Instance, open.Arrival, CycleFor(open.Input, at.Cycle)));
        }

        return GoOn(state, at, events);
    }

    /// <summary>Something arrived. It waits for the boundary, unless the instance is at one.</summary>
    public static Decision<SupervisorEvent> Receive(SupervisorState state, Give give)
    {
        var received = new InputReceived(give.Instance, give.Arrival, give.Input, give.At);
        var instance = state.Instances[give.Instance];
        if (!instance.IsAtRest)
            return [received];
        var events = ImmutableArray.CreateBuilder<SupervisorEvent>();
        events.Add(received);
        return GoOn(state, new(give.Instance, instance.Cycle, instance.Heads), events);
    }

    /// <summary>What an instance is owed, as far as the Supervisor knows.</summary>
    public static ImmutableArray<Effect> Owed(SupervisorState state, string instance) =>
        state.Instances[instance] switch
        {
            { Status: InstanceState.Parked } => [],
            { Revived: true } life => life.Generation < 0
                ? [Next(state, instance, 1), Loop.TryAgain(instance, life.Revivals)]
                : [Loop.TryAgain(instance, life.Revivals)],
            { Open: { } open } => [Meet(state, instance, open)],
            { Status: InstanceState.Living } life when life.HasPlanLeft(state.Plan!.Cycles) => [Next(state, instance, life.Cycle + 1)],
            _ => [],
        };

    private static Decision<SupervisorEvent> GoOn(SupervisorState state, BoundaryPoint at, ImmutableArray<SupervisorEvent>.Builder events)
    {
        var after = events.Aggregate(state, SupervisorDecider.Evolve);
        var instance = after.Instances[at.Instance];
        if (instance.Open is null && !instance.Waiting.IsEmpty)
        {
            events.Add(new InputTaken(at.Instance, instance.Waiting[0].Arrival, CycleFor(instance.Waiting[0].Input, at.Cycle)));
            instance = instance.Take(instance.Waiting[0].Arrival, CycleFor(instance.Waiting[0].Input, at.Cycle));
        }

        if (instance.Open is { } open)
            return Decision.Accept<SupervisorEvent>(events.ToArray()).Then(Meet(after, at.Instance, open));
        if (instance.Status == InstanceState.Finished)
            return Decision.Accept<SupervisorEvent>(events.ToArray()); // it rests
        // one that branched off before its birth, to rest, is born and rests
        if (!instance.Rests && instance.PlannedUpTo(at.Cycle) < state.Plan!.Cycles)
            return Decision.Accept<SupervisorEvent>(events.ToArray()).Then(Next(after, at.Instance, at.Cycle + 1));
        return SupervisorDecider.Conclude(state, [.. events, new InstanceFinished(at.Instance, at.Cycle, at.Heads)]);
    }

    // A stimulus makes the next cycle; a round ends, and a model changes, after the last one.
    private static int CycleFor(Input input, int closed) => input.MakesCycle ? closed + 1 : closed;

    private static Tell Meet(SupervisorState state, string instance, Arrived open) =>
        open.Input switch
        {
            Input.RoundEnd => Loop.CallRound(instance, open.Cycle, open.Id),
            Input.Appointment a => Loop.CallModel(instance, open.Cycle, open.Id, a),
            Input.Said s => Loop.Live(
                instance,
                open.Cycle,
                TimeOf(state, open.Cycle),
                new Stimulus(open.Id, s.Text, s.Topic, Internal: false, s.Check)
            ),
            Input.Told t => Loop.Live(
                instance,
                open.Cycle,
                t.At ?? TimeOf(state, open.Cycle),
                new Stimulus(open.Id, t.Text, t.Topic),
                t.Given
            ),
            _ => throw new UnreachableException(),
        };

    private static Tell Next(SupervisorState state, string instance, int cycle)
    {
        var (plan, life) = (state.Plan!, state.Instances[instance]);
        if (life.Generation < 0)
            // a fork has its parent's, and asks only what is owed
            return Loop.BeginSelf(plan.Spec(plan.Variants.First(v => v.Name == life.Variant), life.Replicate) with { Name = instance });
        Stimulus? stimulus = plan.ExternalAt(life.PlannedUpTo(cycle)) is { } i ? plan.Stimuli[state.Orders[life.Replicate - 1][i]] : null;
        return Loop.Live(instance, cycle, TimeOf(state, cycle), stimulus);
    }

    private static DateTime TimeOf(SupervisorState state, int cycle) => state.Plan!.Epoch + cycle * state.Plan.Tick;
}
