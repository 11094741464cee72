using System.Collections.Immutable;
using System.Diagnostics;
using AiMe.EventSourcing;

namespace AiMe.Faculties.Supervisor;

/// <summary>The Supervisor of a run: creates the instances, sends stimuli, parks failing instances, ends the run.</summary>
public sealed class SupervisorDecider : IDecider<SupervisorState, SupervisorCommand, SupervisorEvent>
{
    /// <inheritdoc />
    public static SupervisorState Initial { get; } =
        new(null, [], ImmutableSortedDictionary.Create<string, InstanceProgress>(StringComparer.Ordinal), null, []);

    /// <inheritdoc />
    public static Decision<SupervisorEvent> Decide(SupervisorState state, SupervisorCommand command) =>
        command switch
        {
            StartRun s when state.Plan is null => Start(s.Shard is null ? new RunPlanned(s.Plan) : new ShardPlanned(s.Plan, s.Shard)),
            StartRun s when s.Plan.Run == state.Plan.Run => s.Revive ? Revive(state, s.Only) : new NoEvents(Pending(state)),
            StartRun s => new Refusal($"this journal stream holds the run {state.Plan.Run}, not {s.Plan.Run}"),
            _ when state.Plan is null => new Refusal("the run has not started: StartRun comes first"),

            CycleClosed c when !state.Instances.ContainsKey(c.Instance) => NoSuch(c.Instance),
            CycleClosed c => CycleBoundary.Reach(
                state,
                new(c.Instance, c.Cycle, c.Heads),
                c.Stimulus,
                c.Generation,
                input => new InputAnswered(c.Instance, input.Arrival, c.Cycle, c.Heads)
            ),
            CycleWithdrawn w when !state.Instances.ContainsKey(w.Instance) => NoSuch(w.Instance),
            CycleWithdrawn w => CycleBoundary.Reach(state, new(w.Instance, w.Cycle, w.Heads), w.Stimulus, null, input => new InputWithdrawn(
                w.Instance,
                input.Arrival,
                w.Cycle,
                w.Reason,
                w.Heads
            )),

            // An unplanned input that cannot be answered is withdrawn; it does not park the instance.
            GaveUp g when Find(state, g.Instance)?.Open is { } open && open.Cycle == g.Cycle && open.Id == g.Stimulus => NoEvents.Then(
                Loop.Withdraw(g.Instance, g.Cycle, g.Stimulus, g.Error)
            ),
            // of a cycle that is closed or withdrawn
            GaveUp g when g.Stimulus.Length > 0 && g.Cycle <= Find(state, g.Instance)?.Cycle => NoEvents.NoEffects,
            GaveUp g when Find(state, g.Instance) is { Revived: true } instance && g.Revival < instance.Revivals => NoEvents.Then(
                Loop.TryAgain(g.Instance, instance.Revivals)
            ), // from before it was revived
            GaveUp g => Park(state, g.Instance, g.Error),
            ParkInstance p => Park(state, p.Instance, p.Reason),

            Give g when !state.Instances.ContainsKey(g.Instance) => NoSuch(g.Instance),
            Give g when state.Arrivals.Contains(g.Arrival) => NoEvents.NoEffects,
            Give g => CycleBoundary.Receive(state, g),
            TakeBack t => TakenBack(state, t),

            GiveReview r when !state.Instances.ContainsKey(r.Instance) => NoSuch(r.Instance),
            GiveReview r when state.Arrivals.Contains(r.Arrival) => NoEvents.NoEffects,
            GiveReview r => Reviewing.Receive(state, r),
            AwaitReviews a when !state.Instances.ContainsKey(a.Instance) => NoSuch(a.Instance),
            AwaitReviews a => Reviewing.Await(state, a),

            JoinFork f when state.Instances.ContainsKey(f.Instance) => NoEvents.NoEffects,
            JoinFork f when !state.Instances.ContainsKey(f.Parent) => NoSuch(f.Parent),
            JoinFork f => CycleBoundary.Join(
                state,
                new InstanceForked(f.Instance, f.Parent, f.Index, f.Cycle, f.Generation, f.Heads, f.Standing)
            ),

            SetBudget s => SpendingLedger.Set(state.Ledger, s),
            ReserveSpending r => SpendingLedger.Reserve(state.Ledger, r),
            SettleSpending s => SpendingLedger.Settle(state.Ledger, s),
            LeaveOutParameter l when state.IsLeftOut(l.Parameter, l.Instead) => NoEvents.NoEffects, // several calls met it
            LeaveOutParameter l => [new ParameterLeftOut(l.Parameter, l.Instead, l.Words)],
            IdentifyServer i when state.Knows(Identified(i)) => NoEvents.NoEffects,
            IdentifyServer i => [Identified(i)],
            NoteIndexFailures n when state.HasNoted(n) => NoEvents.NoEffects,
            NoteIndexFailures n => [new IndexFailed(n.Holder, n.Store, n.Kind, n.Words, n.Searches)],
            _ => throw new UnreachableException(),
        };

    /// <inheritdoc />
    public static SupervisorState Evolve(SupervisorState state, SupervisorEvent happened) =>
        happened switch
        {
            RunPlanned p => Planned(state, p.Plan, p.Plan.Instances),
            ShardPlanned p => Planned(state, p.Plan, p.Shard.InstancesOf(p.Plan)),
            InstanceAdvanced a => With(state, a.Instance, instance =>
                instance with
                {
                    Cycle = a.Cycle,
                    Generation = a.Generation,
                    AdvancedAt = a.Cycle,
                    Heads = a.Heads,
                    Revived = false,
                }
            ),
            InstanceFinished f => With(state, f.Instance, instance =>
                instance with
                {
                    Cycle = f.Cycle,
                    Status = InstanceState.Finished,
                    Heads = f.Heads,
                    Revived = false,
                }
            ),
            InstanceParked p => With(state, p.Instance, instance =>
                instance with
                {
                    Status = InstanceState.Parked,
                    Reason = p.Reason,
                    Revived = false,
                }
            ),
            InstanceRevived r => Revived(state, r.Instance),
            RunEnded e => state with { Digest = e.Digest },
            InputReceived r => With(state with { Arrivals = state.Arrivals.Add(r.Arrival) }, r.Instance, instance =>
                instance.Receive(r.Arrival, r.Input)
            ),
            InputTaken t => With(state, t.Instance, instance => instance.Take(t.Arrival, t.Cycle)),
            InputAnswered a => With(state, a.Instance, instance =>
                instance with
                {
                    Open = null,
                    Cycle = a.Cycle,
                    Heads = a.Heads,
                    Revived = false,
                }
            ),
            InputWithdrawn { Cycle: 0 } w => With(state, w.Instance, instance =>
                instance with
                {
                    Waiting = instance.Waiting.RemoveAll(a => a.Arrival == w.Arrival),
                }
            ),
            InputWithdrawn w => With(state, w.Instance, instance =>
                instance with
                {
                    Open = null,
                    Cycle = w.Cycle,
                    Heads = w.Heads,
                    Revived = false,
                }
            ),
            ReviewReceived r => With(state with { Arrivals = state.Arrivals.Add(r.Arrival) }, r.Instance, instance =>
                instance with
                {
                    Reviews = instance.ReviewsSoFar.With(r),
                }
            ),
            ReviewsAwaited a => With(state, a.Instance, instance => instance with { Reviews = instance.ReviewsSoFar with { Awaited = a } }),
            ReviewsSettled s => With(state, s.Instance, instance => instance with { Reviews = instance.ReviewsSoFar.With(s) }),
            BudgetSet s => state with { Ledger = state.Ledger.With(s) },
            SpendingReserved r => state with { Ledger = state.Ledger.With(r) },
            SpendingRefused r => state with { Ledger = state.Ledger.With(r) },
            SpendingSettled s => state with { Ledger = state.Ledger.With(s) },
            ParameterLeftOut l => state with { LeftOut = state.LeftOut.Add(l) },
            ServerIdentified i => state with { Servers = state.Servers.Add(i) },
            IndexFailed f => state.With(f),
            InstanceForked f => state with
            {
                Instances = state.Instances.Add(f.Instance, state.Instances[f.Parent].Fork(f, state.Plan!.Cycles)),
            },
            _ => throw new UnreachableException(),
        };

    /// <inheritdoc />
    public static ImmutableArray<Effect> Pending(SupervisorState state) =>
        state.Plan is null ? [] : [.. state.Instances.SelectMany(instance => CycleBoundary.Pending(state, instance.Key))];

    private static ServerIdentified Identified(IdentifyServer i) => new(i.Model, i.Echo, i.Fingerprint, i.Engine);

    /// <summary>These events, and the end of the run if they finish its last running instance.</summary>
    internal static Decision<SupervisorEvent> Conclude(SupervisorState state, params ReadOnlySpan<SupervisorEvent> events)
    {
        var after = state;
        foreach (var happened in events)
            after = Evolve(after, happened);
        var planned = after.Instances.Where(l => l.Value.Parent is null).ToArray();
        if (after.Digest is not null || planned.Any(l => l.Value.Status == InstanceState.Living))
            return Decision.Accept(events);
        return
        [
            .. events,
            new RunEnded(
                SupervisorState.DigestOf(planned),
                planned.Count(l => l.Value.Status == InstanceState.Finished),
                planned.Count(l => l.Value.Status == InstanceState.Parked)
            ),
        ];
    }

    private static Refusal NoSuch(string instance) => new($"the run has no instance '{instance}'");

    private static InstanceProgress? Find(SupervisorState state, string instance) => state.Instances.GetValueOrDefault(instance);

    private static Decision<SupervisorEvent> Start(SupervisorEvent planned) =>
        Decision.Accept<SupervisorEvent>([planned]).Then(Pending(Evolve(Initial, planned)).AsSpan());

    private static SupervisorState Planned(
        SupervisorState state,
        RunPlan plan,
        IEnumerable<(VariantPlan Variant, int Replicate)> instances
    ) =>
        state with
        {
            Plan = plan,
            Orders = [.. Enumerable.Range(1, plan.Replicates).Select(plan.OrderOf)],
            Instances = state.Instances.AddRange(
                instances.Select(i =>
                    KeyValuePair.Create(RunPlan.NameOf(i.Variant, i.Replicate), InstanceProgress.Unborn(i.Replicate, i.Variant.Name))
                )
            ),
        };

    private static Decision<SupervisorEvent> Revive(SupervisorState state, ImmutableHashSet<string>? only)
    {
        SupervisorEvent[] revived =
        [
            .. state
                .Instances.Where(l => l.Value.Status == InstanceState.Parked && only?.Contains(l.Key) != false)
                .Select(l => new InstanceRevived(l.Key)),
        ];
        return Decision.Accept<SupervisorEvent>(revived).Then(Pending(revived.Aggregate(state, Evolve)).AsSpan());
    }

    private static Decision<SupervisorEvent> Park(SupervisorState state, string instance, string reason) =>
        Find(state, instance) switch
        {
            { Status: InstanceState.Living } or { Status: InstanceState.Finished, Open: not null } => Conclude(
                state,
                new InstanceParked(instance, reason)
            ),
            _ => NoEvents.NoEffects,
        };

    private static Decision<SupervisorEvent> TakenBack(SupervisorState state, TakeBack t) =>
        Find(state, t.Instance) switch
        {
            null => NoSuch(t.Instance),
            { } instance when instance.Waiting.Any(a => a.Arrival == t.Arrival) =>
            [
                new InputWithdrawn(t.Instance, t.Arrival, 0, t.Reason, Heads.None),
            ],
            { Open: { Input: Input.Said } open } when open.Arrival == t.Arrival => NoEvents.Then(
                Loop.Withdraw(t.Instance, open.Cycle, open.Id, t.Reason)
            ),
            _ => NoEvents.NoEffects, // answered, or running already
        };

    // An instance with planned cycles left continues them; if it is a planned instance, the run is open again.
    private static SupervisorState Revived(SupervisorState state, string instance)
    {
        var progress = state.Instances[instance];
        var goesOn = progress.HasPlanLeft(state.Plan!.Cycles);
        return With(state with { Digest = goesOn && progress.Parent is null ? null : state.Digest }, instance, l =>
            l with
            {
                Status = goesOn ? InstanceState.Living : InstanceState.Finished,
                Reason = null,
                Revived = true,
                Revivals = l.Revivals + 1,
            }
        );
    }

    private static SupervisorState With(SupervisorState state, string instance, Func<InstanceProgress, InstanceProgress> change) =>
        state with
        {
            Instances = state.Instances.SetItem(instance, change(state.Instances[instance])),
        };
}
