using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.History;
using AiMe.Lab.Runs.Spending;
using AiMe.Models;

namespace AiMe.Lab.Runs;

/// <summary>How a run ended.</summary>
/// <param name="Digest">Digest of the run, or of the shard that was run; null if it was interrupted.</param>
/// <param name="Experiences">Experiences of this session.</param>
/// <param name="OpenReviews">
/// Held experiences without a verdict for which the run waits, and nothing else; 0 if it does not wait.
/// </param>
public sealed record RunOutcome(string Run, string? Digest, int Experiences, TimeSpan Took, int OpenReviews = 0)
{
    /// <summary>Whether another process asked for the interruption.</summary>
    public bool IsPaused { get; init; }
}

/// <summary>Runs an experiment. If the store has a run of the same experiment, it is resumed.</summary>
public static class RunHost
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Runs until every instance has finished, is parked or waits for people's verdicts, and no input is waiting, or until
    /// interrupted. Instances that were parked before try again.
    /// </summary>
    /// <param name="options">How it is hosted.</param>
    /// <param name="observer">Receives every event and every failure.</param>
    /// <param name="interrupt">Stops gracefully: work in flight is finished.</param>
    /// <param name="now">Stops at once: work in flight stays pending.</param>
    /// <exception cref="AlreadyOwnedException">Another process runs it.</exception>
    public static async Task<RunOutcome> RunAsync(
        RunPlan plan,
        EventStore store,
        IEffects effects,
        SessionOptions options,
        IRuntimeObserver observer,
        TimeProvider time,
        CancellationToken interrupt,
        CancellationToken now
    )
    {
        var began = time.GetTimestamp();
        var before = await SupervisedAsync(plan.Run, options.Shard, store, CancellationToken.None);
        await using var session = await new SessionOpening(plan, store, options with { Revive = true }, time).OpenAsync(effects, observer);
        try
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(interrupt);
            var found = await session.FoundAsync(over.Token);
            var ended = EndsAsync(session, store, before, found, over.Token);
            var stalled = StallsAsync(session, state => HasEnded(state) || WaitsForPeople(state), time, over.Token);
            var first = await Task.WhenAny(ended, stalled, session.PauseRequested);
            await over.CancelAsync();
            await session.CloseAsync(now);
            await first;
        }
        catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
        {
            // Interrupted: completed experiences are durable, and the rest stays pending.
        }
        catch (BudgetReachedException)
        {
            await session.CloseAsync(now); // gracefully, also if the interruption came first
            throw;
        }

        if (HasEnded(session.State))
            ReplyCache.Forget(PreparedOpenAi.RepliesOf(plan.Run, store)); // replies of effects that ended differently
        return new RunOutcome(
            plan.Run,
            HasEnded(session.State) ? session.State.Digest : null,
            session.Experiences,
            time.GetElapsedTime(began),
            WaitsForPeople(session.State) ? session.State.Instances.Values.Sum(i => i.AwaitsReviews ? i.ReviewsSoFar.Open.Length : 0) : 0
        )
        {
            IsPaused = session.PauseRequested.IsCompleted,
        };
    }

    /// <summary>
    /// The digest of a run, or of one of its shards, that needs no host: it has ended, no instance is parked, and no
    /// input is waiting. Else null.
    /// </summary>
    public static async Task<string?> DigestOfEndedAsync(string run, Shard? shard, EventStore store, CancellationToken cancellationToken) =>
        await SupervisedAsync(run, shard, store, cancellationToken) is { } state
        && HasEnded(state)
        && !state.Instances.Values.Any(l => l.Status == InstanceState.Parked)
        && (await store.Inbox.WaitingAsync(run, cancellationToken)).All(l =>
            PauseRequest.Is(l) || state.Arrivals.Contains(l.Arrival) || shard is not null && !state.Instances.ContainsKey(l.Instance)
        )
            ? state.Digest
            : null;

    /// <summary>
    /// Sets the budget of a run if it differs, for input to a run that has ended. No model is needed, and no instance
    /// runs meanwhile.
    /// </summary>
    /// <exception cref="AlreadyOwnedException">Another process runs it.</exception>
    public static async Task SetBudgetAsync(string run, Shard? shard, EventStore store, Budget budget, TimeProvider time)
    {
        if (
            await SupervisedAsync(run, shard, store, CancellationToken.None) is not { Plan: { } plan } state
            || budget.ShareOf(plan, shard) is var share && state.Ledger.Budget == share
        )
            return;
        await using var session = await new SessionOpening(
            plan,
            store,
            new SessionOptions(Parallel: 1, Only: [], Shard: shard),
            time
        ).OpenAsync(new NullHost(), new NullHost());
        await session.TellAsync(new SetBudget(share));
        await session.UntilAsync(now => now.Ledger.Budget == share, CancellationToken.None);
        await session.CloseAsync(CancellationToken.None);
    }

    private static async Task<SupervisorState?> SupervisedAsync(
        string run,
        Shard? shard,
        EventStore store,
        CancellationToken cancellationToken
    )
    {
        var follower = new RunFollower(store.Journal, run);
        await follower.CatchUpAsync(cancellationToken);
        return follower.Supervisors.FirstOrDefault(s => s.Shard == shard)?.State;
    }

    // A run that ended with parked instances still counts as ended until the supervisor has resumed them.
    private static bool HasTriedAgain(SupervisorState? before, SupervisorState state) =>
        before is null
        || before.Instances.All(l => l.Value.Status != InstanceState.Parked || state.Instances[l.Key].Revivals > l.Value.Revivals);

    /// <summary>Whether every instance has finished or is parked.</summary>
    public static bool HasEnded(SupervisorState state) =>
        state.Digest is not null && state.Instances.Values.All(l => l.IsAtRest || l.Status == InstanceState.Parked);

    /// <summary>Whether nothing is left to do until people have decided on held experiences.</summary>
    internal static bool WaitsForPeople(SupervisorState state) =>
        state.Instances.Values.Any(l => l.AwaitsReviews)
        && state.Instances.Values.All(l => l.IsAtRest || l.AwaitsReviews || l.Status == InstanceState.Parked);

    // Answers that arrive up to the end are taken up before it.
    private static async Task EndsAsync(
        RunSession session,
        EventStore store,
        SupervisorState? before,
        ImmutableArray<string> found,
        CancellationToken over
    )
    {
        do
        {
            await session.UntilAsync(
                state =>
                    (HasEnded(state) || WaitsForPeople(state))
                    && HasTriedAgain(before, state)
                    && found.All(a => state.Arrivals.Contains(a)),
                over
            );
            found =
            [
                .. (await store.Inbox.WaitingAsync(session.Plan.Run, over))
                    .Where(m => InputJson.FindReview(m) is not null && session.State.Instances.ContainsKey(m.Instance))
                    .Select(m => m.Arrival)
                    .Where(a => !session.State.Arrivals.Contains(a)),
            ];
        } while (!found.IsEmpty && WaitsForPeople(session.State));
    }

    // Detects a run that neither progresses nor ends.
    internal static async Task StallsAsync(
        RunSession session,
        Func<SupervisorState, bool> hasEnded,
        TimeProvider time,
        CancellationToken over
    )
    {
        using var look = new PeriodicTimer(LookEvery, time);
        for (var idle = 0; await look.WaitForNextTickAsync(over); )
        {
            idle = session.IsIdle ? idle + 1 : 0;
            if (idle == 2 && !hasEnded(session.State))
                throw new StalledException(
                    "The run has stalled: no work is in progress, but it has not ended. This is a bug in AiMe. Nothing is "
                        + "lost; run the same command to resume. The journal shows the last event."
                );
        }
    }
}

/// <summary>A run neither progresses nor ends.</summary>
public sealed class StalledException(string message) : Exception(message);
