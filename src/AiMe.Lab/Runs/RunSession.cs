using System.Collections.Concurrent;
using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Runs.Indexes;
using AiMe.Lab.Runs.Spending;

namespace AiMe.Lab.Runs;

/// <summary>
/// A run, or a shard of one, that this process hosts until the session is closed, alone or as part of a cluster.
/// </summary>
/// <remarks>
/// Messages in the run's inbox are passed to its supervisor during the session, and removed once they are journalled.
/// </remarks>
public sealed class RunSession : IAsyncDisposable
{
    /// <summary>
    /// How long a closing session makes further calls for unfinished work. After that it only waits for calls in
    /// flight, and keeps their replies.
    /// </summary>
    private static readonly TimeSpan CallsAtMost = TimeSpan.FromSeconds(10);

    private readonly EventStore _store;
    private readonly HostedRun _run;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _closing = new();
    private readonly InboxPoller _inbox;
    private readonly Task _heartbeat;
    private readonly Task _collecting;
    private readonly Task _following;
    private bool _closed;

    internal RunSession(EventStore store, HostedRun run, TimeProvider time)
    {
        (_store, _run, _time) = (store, run, time);
        var held = run.Held.FirstOrDefault(h => h.Name == OwnedName(Plan.Run, Shard));
        _inbox = new InboxPoller(store, Plan.Run, Shard, held, run.Watch, AdmitAsync, TellAsync, time);
        _heartbeat = Heartbeat.BeatAsync(store.Ownership, run.Held, Writer, time, _closing.Token);
        _collecting = _inbox.CollectAsync(_closing.Token);
        _following = run.Follower?.FollowAsync(_closing.Token) ?? Task.Delay(Timeout.Infinite, _closing.Token);
    }

    /// <summary>The plan.</summary>
    public RunPlan Plan => _run.Plan;

    /// <summary>The hosted shard, or null for the whole run.</summary>
    public Shard? Shard => _run.Shard;

    /// <summary>The writer id of this session.</summary>
    public WriterId Writer => _run.Writer;

    /// <summary>The supervisor's durable state; of a shard, that of its own supervisor.</summary>
    public SupervisorState State => _run.Watch.State;

    /// <summary>Experiences of this session.</summary>
    public int Experiences => _run.Watch.Experiences;

    /// <summary>Whether the session is idle: no message, no effect, no restart.</summary>
    public bool IsIdle => _run.Runtime.IsIdle;

    /// <summary>
    /// Faults if the session cannot continue: the store is lost, another process has taken over, the supervisor itself
    /// fails, or the budget is used up.
    /// </summary>
    public Task Failure =>
        Task.WhenAny(_run.Runtime.Failure, _heartbeat, _collecting, _following, _run.Reservation?.UsedUp ?? _following).Unwrap();

    /// <summary>Completes when another process asks this one to stop the run; see <see cref="PauseRequest"/>.</summary>
    public Task PauseRequested => _inbox.Paused;

    /// <summary>The name under which the host of a run, or of a shard, owns it.</summary>
    public static string OwnedName(string run, Shard? shard) => shard is null ? run : Shard.StreamOf(run, shard).Value;

    /// <summary>Activates another instance if only some are hosted: its pending work is found again.</summary>
    public async ValueTask AdmitAsync(string instance)
    {
        if (_run.Admitted?.TryAdd(instance, true) == true)
            await TellAsync(new StartRun(Plan, Shard: Shard));
    }

    /// <summary>The inbox messages found when the session began, which the supervisor is about to journal.</summary>
    public async Task<ImmutableArray<string>> FoundAsync(CancellationToken cancellationToken)
    {
        var found = _inbox.Found.WaitAsync(cancellationToken);
        await await Task.WhenAny(found, Failure);
        return await found;
    }

    /// <summary>Sends a message to the supervisor.</summary>
    public ValueTask TellAsync(SupervisorCommand command) => _run.Runtime.TellAsync(FacultyAddress.Supervisor, command);

    /// <summary>Completes when the supervisor's state satisfies a condition; faults with the session.</summary>
    /// <param name="wanted">Evaluated at every event of the supervisor; must be quick.</param>
    public async Task UntilAsync(Func<SupervisorState, bool> wanted, CancellationToken cancellationToken)
    {
        var reached = _run.Watch.UntilAsync(wanted, cancellationToken);
        await await Task.WhenAny(reached, Failure);
        if (!reached.IsCompleted)
            throw new OperationCanceledException("The session was closed.");
    }

    /// <summary>
    /// Stops gracefully: work in flight is finished and made durable, and no new work begins. Then releases the run.
    /// </summary>
    /// <param name="now">Cancelled when the caller will not wait any longer.</param>
    public async Task CloseAsync(CancellationToken now)
    {
        if (_closed)
            return;
        _closed = true;
        _run.Index?.Shut(); // a store that is down may stay so
        try
        {
            await using (_time.CreateTimer(_ => _run.Reservation?.Shut(), null, CallsAtMost, Timeout.InfiniteTimeSpan))
                await _run.Runtime.CalmAsync(now);
            await SettleAsync(now);
            await (RunHost.HasEnded(State) ? _run.Runtime.EndAsync(now) : _run.Runtime.StopAsync(now));
            await _closing.CancelAsync();
            // callers that wait on the session get its failure
            await Task.WhenAll(_heartbeat, _collecting, _following).ContinueWith(_ => { }, TaskScheduler.Default);
            await _inbox.EmptyAsync();
        }
        finally
        {
            await _closing.CancelAsync();
            try
            {
                await _run.Runtime.DisposeAsync();
            }
            finally
            {
                if (_run.Index is { } index)
                    await index.DisposeAsync(); // after the last search
            }

            await _store.Ownership.ReleaseAsync(_run.Held, Writer, CancellationToken.None);
            _run.Reservation?.Shut();
            _closing.Dispose();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await CloseAsync(new CancellationToken(canceled: true));

    // A process that has lost the run writes nothing more.
    private async Task SettleAsync(CancellationToken now)
    {
        if (
            _run is { Reservation: null, Index: null }
            || _run.Runtime.Failure.IsCompleted
            || _heartbeat.IsFaulted
            || _following.IsFaulted
            || !(await _store.Ownership.HeartbeatAsync(_run.Held, Writer, CancellationToken.None)).IsEmpty
        )
            return;
        if (_run.Index is { } index)
            await index.FinishAsync(now);
        if (_run.Reservation is null)
            return;
        if (await _run.Reservation.SettleAsync(now))
            await _run.Reservation.OthersAsync(now);
        else
            _run.Watch.Refused(
                FacultyAddress.Run,
                Loop.Supervisor,
                new SettleSpending(Writer.Value, _run.Reservation.Spent),
                "the supervisor did not respond, so everything that was reserved for this process counts as spent"
            );
    }
}

/// <summary>What a session hosts, and through what.</summary>
/// <param name="Held">The names that it owns; none if the host claims them itself.</param>
/// <param name="Follower">Null if the supervisor runs in this process.</param>
/// <param name="Admitted">The activated instances; null for all.</param>
/// <param name="Index">Null for the embedded index.</param>
internal sealed record HostedRun(
    RunPlan Plan,
    Shard? Shard,
    WriterId Writer,
    ImmutableArray<Owned> Held,
    IRuntime Runtime,
    SessionWatch Watch,
    SupervisorFollower? Follower,
    BudgetReservation? Reservation,
    ConcurrentDictionary<string, bool>? Admitted,
    RunIndex? Index
);
