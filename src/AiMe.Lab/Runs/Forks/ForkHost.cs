using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.History;

namespace AiMe.Lab.Runs.Forks;

/// <summary>Makes forks of a recorded run, and runs them.</summary>
public static class ForkHost
{
    /// <summary>
    /// Completes unfinished forks, then makes the requested ones. No model is needed, and no instance runs meanwhile.
    /// </summary>
    /// <returns>The requested forks, and the unfinished ones that were completed.</returns>
    /// <exception cref="AlreadyOwnedException">Another process runs the run.</exception>
    /// <exception cref="ForkException">A name belongs to another instance, or is too long.</exception>
    public static async Task<(ImmutableArray<ForkRequest> Made, ImmutableArray<ForkRequest> Finished)> MakeAsync(
        RunPlan plan,
        EventStore store,
        ForkOrder order,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var shard = await ShardOfAsync(plan, store, order.Parent, cancellationToken);
        await using var session = await new SessionOpening(
            plan,
            store,
            new SessionOptions(Parallel: 1, Only: [], Shard: shard),
            time
        ).OpenAsync(new NullHost(), new NullHost());
        var finished = await Fork.FinishAsync(session, store, cancellationToken);
        var wishes = await order.WishesAsync(store.Journal, session.State, cancellationToken);
        foreach (var wish in wishes.Where(w => !session.State.Instances.ContainsKey(w.Name)))
            await Fork.MakeAsync(session, store, wish, cancellationToken);
        return (wishes, finished);
    }

    /// <summary>Runs forks, and no other instances, to the plan's end. A parked fork tries again.</summary>
    /// <param name="options">How they are hosted; which instances run, and in which shard, is added here.</param>
    /// <param name="interrupt">Stops gracefully: work in flight is finished.</param>
    /// <param name="now">Stops at once: work in flight stays pending.</param>
    /// <returns>False if it was interrupted before every fork was complete or parked.</returns>
    /// <exception cref="AlreadyOwnedException">Another process runs the run.</exception>
    public static async Task<bool> LiveAsync(
        RunPlan plan,
        EventStore store,
        IEffects effects,
        SessionOptions options,
        ImmutableArray<string> forks,
        IRuntimeObserver observer,
        TimeProvider time,
        CancellationToken interrupt,
        CancellationToken now
    )
    {
        var shard = await ShardOfAsync(plan, store, forks[0], CancellationToken.None);
        var before = (await InstanceReader.ReadRunAsync(store.Journal, plan.Run, CancellationToken.None))!;
        await using var session = await new SessionOpening(
            plan,
            store,
            options with
            {
                Only = [.. forks],
                Revive = true,
                Shard = shard,
            },
            time
        ).OpenAsync(effects, observer);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(interrupt);
        var ended = session.UntilAsync(state => AreOver(before, state, forks), over.Token);
        var stalled = RunHost.StallsAsync(session, state => AreOver(before, state, forks), time, over.Token);
        var first = await Task.WhenAny(ended, stalled, session.PauseRequested);
        await over.CancelAsync();
        await session.CloseAsync(now);
        try
        {
            await first;
        }
        catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
        {
            // Interrupted: completed experiences are durable, and the rest stays pending.
        }

        return AreOver(before, session.State, forks);
    }

    /// <summary>The process that runs the instance's run, or its shard of it; null if none does.</summary>
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

    // An instance that was parked before still counts as over until the supervisor has resumed it.
    private static bool AreOver(SupervisorState before, SupervisorState state, ImmutableArray<string> forks) =>
        forks.All(f =>
            state.Instances[f] is { IsAtRest: true } or { AwaitsReviews: true } or { Status: InstanceState.Parked }
            && (before.Instances[f].Status != InstanceState.Parked || state.Instances[f].Revivals > before.Instances[f].Revivals)
        );
}
