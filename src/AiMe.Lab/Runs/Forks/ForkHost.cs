using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.History;
using AiMe.Lab.Runs.Spending;

namespace AiMe.Lab.Runs.Forks;

/// <summary>Makes forks of a recorded run, and lets them live.</summary>
public static class ForkHost
{
    /// <summary>
    /// Makes what is asked for, and before that whatever was begun and never finished. No model is needed, and nobody lives
    /// meanwhile.
    /// </summary>
    /// <returns>The forks that were asked for, and those that were finished on the way.</returns>
    /// <exception cref="AlreadyOwnedException">Another process runs the run.</exception>
    /// <exception cref="ForkException">A name is another life's, or too long.</exception>
    public static async Task<(ImmutableArray<ForkRequest> Made, ImmutableArray<ForkRequest> Finished)> MakeAsync(
        RunPlan plan,
        EventStore store,
        ForkOrder order,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var shard = await ShardOfAsync(plan, store, order.Parent, cancellationToken);
        await using var session = await RunSession.OpenAsync(
            plan,
            store,
            new NullHost(),
            new SessionOptions(Parallel: 1, Only: [], Shard: shard),
            new NullHost(),
            time
        );
        var finished = await Fork.FinishAsync(session, store, cancellationToken);
        var wishes = await order.WishesAsync(store.Journal, session.State, cancellationToken);
        foreach (var wish in wishes.Where(w => !session.State.Instances.ContainsKey(w.Name)))
            await Fork.MakeAsync(session, store, wish, cancellationToken);
        return (wishes, finished);
    }

    /// <summary>Lets forks live to the plan's end, and nobody else. One that was parked tries again.</summary>
    /// <param name="meter">Of the models' calls; null where none may cost.</param>
    /// <param name="interrupt">Ends gently: what is in flight is finished.</param>
    /// <param name="now">Ends at once: what is in flight is left as owed.</param>
    /// <returns>False where it was interrupted before all had lived to the end or were parked.</returns>
    /// <exception cref="AlreadyOwnedException">Another process runs the run.</exception>
    public static async Task<bool> LiveAsync(
        RunPlan plan,
        EventStore store,
        IEffects effects,
        UsageMeter? meter,
        int parallel,
        ImmutableArray<string> forks,
        IRuntimeObserver observer,
        TimeProvider time,
        CancellationToken interrupt,
        CancellationToken now
    )
    {
        var shard = await ShardOfAsync(plan, store, forks[0], CancellationToken.None);
        var before = (await InstanceReader.ReadRunAsync(store.Journal, plan.Run, CancellationToken.None))!;
        await using var session = await RunSession.OpenAsync(
            plan,
            store,
            effects,
            new SessionOptions(parallel, [.. forks], Revive: true, shard, Meter: meter),
            observer,
            time
        );
        using var over = CancellationTokenSource.CreateLinkedTokenSource(interrupt);
        var ended = session.UntilAsync(state => AreOver(before, state, forks), over.Token);
        var first = await Task.WhenAny(ended, RunHost.StallsAsync(session, state => AreOver(before, state, forks), time, over.Token));
        await over.CancelAsync();
        await session.CloseAsync(now);
        try
        {
            await first;
        }
        catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
        {
            // Interrupted: what was lived is durable, and the rest is owed.
        }

        return AreOver(before, session.State, forks);
    }

    /// <summary>Who runs the life's run now, or its shard of it; null where nobody does.</summary>
    public static async Task<Owner?> OwnerAsync(RunPlan plan, EventStore store, string instance, CancellationToken cancellationToken) =>
        await store.Ownership.FindAsync(
            RunSession.OwnedName(plan.Run, await ShardOfAsync(plan, store, instance, cancellationToken)),
            cancellationToken
        );

    // A fork belongs to the shard of its parent.
    private static async Task<Shard?> ShardOfAsync(RunPlan plan, EventStore store, string instance, CancellationToken cancellationToken)
    {
        RunFollower follower = new(store.Journal, plan.Run);
        await follower.CatchUpAsync(cancellationToken);
        return follower.ShardOf(instance);
    }

    // What was parked before reads as over until the supervisor has taken it up again.
    private static bool AreOver(SupervisorState before, SupervisorState state, ImmutableArray<string> forks) =>
        forks.All(f =>
            state.Instances[f] is { IsAtRest: true } or { Status: InstanceState.Parked }
            && (before.Instances[f].Status != InstanceState.Parked || state.Instances[f].Revivals > before.Instances[f].Revivals)
        );
}
