using System.Collections.Immutable;
using System.Diagnostics;
using AiMe.EventSourcing;

namespace AiMe.Faculties.Supervisor;

/// <summary>
/// Decides what an instance does between two cycles: inputs first, in order of arrival, then the plan.
/// </summary>
/// <remarks>
/// Within a round the Supervisor journals no planned cycle. If an old message was redelivered, it may therefore assign
/// an input to a cycle that the instance has already begun. The instance ignores that message. The message that closes
/// the cycle names its stimulus; if that is not the input, the input is assigned again, to the next cycle. So no input
/// is lost, and no planned stimulus is left out.
/// </remarks>
internal static class CycleBoundary
{
    /// <summary>An instance after a cycle, with its heads.</summary>
    public readonly record struct BoundaryPoint(string Instance, int Cycle, Heads Heads);

    /// <summary>A cycle was closed or withdrawn.</summary>
    /// <param name="stimulus">Id of the cycle's stimulus.</param>
    /// <param name="generation">The generation reached with it, or null.</param>
    /// <param name="settle">Creates the event that settles the open input, if that was the stimulus.</param>
    public static Decision<SupervisorEvent> Reach(
        SupervisorState state,
        BoundaryPoint at,
        string stimulus,
        int? generation,
        Func<Arrived, SupervisorEvent> settle
    )
    {
        var instance = state.Instances[at.Instance];
        if (instance.Status == InstanceState.Parked || at.Cycle < instance.Cycle)
            return NoEvents.NoEffects; // the instance has continued since then, so it has had its answer
        var events = ImmutableArray.CreateBuilder<SupervisorEvent>();
        if (generation > instance.Generation)
            events.Add(new InstanceAdvanced(at.Instance, at.Cycle, generation.Value, at.Heads));
        if (instance.Open is { } open)
        {
            if (at.Cycle == open.Cycle && stimulus == open.Id)
                events.Add(settle(open));
            else if (CycleFor(open.Input, at.Cycle) > open.Cycle)
                events.Add(new InputTaken(at.Instance, open.Arrival, CycleFor(open.Input, at.Cycle)));
        }

        return Continue(state, at, events);
    }

    /// <summary>An input arrived. It waits for the boundary, unless the instance is at one.</summary>
    public static Decision<SupervisorEvent> Receive(SupervisorState state, Give give)
    {
        var received = new InputReceived(give.Instance, give.Arrival, give.Input, give.At);
        var instance = state.Instances[give.Instance];
        if (!instance.IsAtRest)
            return [received];
        var events = ImmutableArray.CreateBuilder<SupervisorEvent>();
        events.Add(received);
        return Continue(state, new(give.Instance, instance.Cycle, instance.Heads), events);
    }

    /// <summary>A fork joined the run: its pending messages, and a scheduled change that is due where it branched off.</summary>
    public static Decision<SupervisorEvent> Join(SupervisorState state, InstanceForked forked)
    {
        var after = SupervisorDecider.Evolve(state, forked);
        var instance = after.Instances[forked.Instance];
        return
            instance is { Open: null, Revived: false, AwaitsReviews: false }
            && DueChange(state.Plan!, instance, new(forked.Instance, instance.Cycle, instance.Heads)) is not null
            ? Continue(
                state,
                new(forked.Instance, instance.Cycle, instance.Heads),
                ImmutableArray.CreateRange<SupervisorEvent>([forked]).ToBuilder()
            )
            : Decision.Accept<SupervisorEvent>([forked]).Then(Pending(after, forked.Instance).AsSpan());
    }

    /// <summary>The pending messages to an instance, as far as the Supervisor knows.</summary>
    public static ImmutableArray<Effect> Pending(SupervisorState state, string instance) =>
        state.Instances[instance] switch
        {
            { Status: InstanceState.Parked } => [],
            { Revived: true } progress => progress.Generation < 0
                ? [Next(state, instance, 1), Loop.TryAgain(instance, progress.Revivals)]
                : [Loop.TryAgain(instance, progress.Revivals)],
            { AwaitsReviews: true } => [], // at rest until people have answered
            { Reviews.Settled: { } settled } progress when settled.Round > progress.Generation => [Loop.SettleReviews(settled)],
            { Open: { } open } => [Deliver(state, instance, open)],
            { Status: InstanceState.Living } progress when progress.HasPlanLeft(state.Plan!.Cycles) =>
            [
                Next(state, instance, progress.Cycle + 1),
            ],
            _ => [],
        };

    private static Decision<SupervisorEvent> Continue(
        SupervisorState state,
        BoundaryPoint at,
        ImmutableArray<SupervisorEvent>.Builder events
    )
    {
        var after = events.Aggregate(state, SupervisorDecider.Evolve);
        var instance = after.Instances[at.Instance];
        if (instance.Open is null && !instance.Waiting.IsEmpty)
        {
            events.Add(new InputTaken(at.Instance, instance.Waiting[0].Arrival, CycleFor(instance.Waiting[0].Input, at.Cycle)));
            instance = instance.Take(instance.Waiting[0].Arrival, CycleFor(instance.Waiting[0].Input, at.Cycle));
        }

        if (instance.Open is null && DueChange(state.Plan!, instance, at) is var (arrival, input))
        {
            SupervisorEvent[] given =
            [
                new InputReceived(at.Instance, arrival, input, TimeOf(state, at.Cycle)),
                new InputTaken(at.Instance, arrival, at.Cycle),
            ];
            events.AddRange(given);
            (after, instance) = (
                given.Aggregate(after, SupervisorDecider.Evolve),
                instance.Receive(arrival, input).Take(arrival, at.Cycle)
            );
        }

        if (instance.Open is { } open)
            return Decision.Accept<SupervisorEvent>(events.ToArray()).Then(Deliver(after, at.Instance, open));
        if (instance.Status == InstanceState.Finished)
            return Decision.Accept<SupervisorEvent>(events.ToArray()); // idle until its next input
        // A fork that branched off before its birth, to rest, first completes its birth.
        if (!instance.Rests && instance.PlannedUpTo(at.Cycle) < state.Plan!.Cycles)
            return Decision.Accept<SupervisorEvent>(events.ToArray()).Then(Next(after, at.Instance, at.Cycle + 1));
        return SupervisorDecider.Conclude(state, [.. events, new InstanceFinished(at.Instance, at.Cycle, at.Heads)]);
    }

    // The next scheduled change of the instance, if its planned cycle has come. A fork that rests has no plan.
    private static (string Arrival, Input Input)? DueChange(RunPlan plan, InstanceProgress instance, BoundaryPoint at) =>
        instance is { Status: InstanceState.Living, Rests: false, Generation: >= 0 }
        && plan.ChangesOf(instance.Variant, instance.Replicate).ElementAtOrDefault(instance.Changes) is { } next
        && next.Cycle <= instance.PlannedUpTo(at.Cycle) + 1
        && (!next.AtRoundStart || instance.AdvancedAt == at.Cycle)
            ? (ScheduledChange.ArrivalOf(at.Instance, instance.Changes + 1), next.Input)
            : null;

    // A stimulus makes the next cycle; the end of a round and a change of the model follow the last one.
    private static int CycleFor(Input input, int closed) => input.MakesCycle ? closed + 1 : closed;

    private static Tell Deliver(SupervisorState state, string instance, Arrived open) =>
        open.Input switch
        {
            Input.RoundEnd => Loop.CallRound(instance, open.Cycle, open.Id),
            Input.Appointment a => Loop.CallModel(instance, open.Cycle, open.Id, a),
            Input.PolicyChange p => Loop.CallPolicy(instance, open.Cycle, open.Id, p),
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
        var (plan, progress) = (state.Plan!, state.Instances[instance]);
        if (progress.Generation < 0)
            // a fork has its parent's BeginSelf, and repeats only what is pending
            return Loop.BeginSelf(
                plan.Spec(plan.Variants.First(v => v.Name == progress.Variant), progress.Replicate) with
                {
                    Name = instance,
                }
            );
        var stimulus = plan.StimulusAt(progress.Variant, state.Orders[progress.Replicate - 1], progress.PlannedUpTo(cycle));
        return Loop.Live(instance, cycle, TimeOf(state, cycle), stimulus);
    }

    private static DateTime TimeOf(SupervisorState state, int cycle) => state.Plan!.Epoch + cycle * state.Plan.Tick;
}
