using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using AiMe.Actors.Hosting;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.History;
using AiMe.Lab.Runs.Spending;

namespace AiMe.Lab.Runs;

/// <summary>How a run is hosted.</summary>
/// <param name="Parallel">Threads for model work.</param>
/// <param name="Only">
/// The instances to run; null for all. The others stay as they are, and their pending work is found again later.
/// </param>
/// <param name="Revive">Whether parked instances, among those to run, try again.</param>
/// <param name="Shard">The shard of the run that is hosted, or null for all of it.</param>
/// <param name="Hosting">Creates the host; null for a plain actor system.</param>
/// <param name="Meter">Meters model calls; null for providers that are free.</param>
/// <param name="Budget">The run's new budget, over all shards; null to leave it unchanged.</param>
public sealed record SessionOptions(
    int Parallel,
    ImmutableHashSet<string>? Only = null,
    bool Revive = false,
    Shard? Shard = null,
    IRuntimeFactory? Hosting = null,
    UsageMeter? Meter = null,
    Budget? Budget = null
);

/// <summary>
/// A run, or a shard of one, that this process hosts until the session is closed, alone or as part of a cluster.
/// </summary>
/// <remarks>
/// Messages in the run's inbox are passed to its supervisor during the session, and removed once they are journalled.
/// </remarks>
public sealed class RunSession : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200),
        AgainAfter = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a closing session makes further calls for unfinished work. After that it only waits for calls in
    /// flight, and keeps their replies.
    /// </summary>
    private static readonly TimeSpan CallsAtMost = TimeSpan.FromSeconds(10);

    private readonly EventStore _store;
    private readonly ImmutableArray<Owned> _held;
    private readonly IRuntime _runtime;
    private readonly SessionWatch _watch;
    private readonly BudgetReservation? _reservation;
    private readonly StartRun _begin;
    private readonly SupervisorState? _before;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentDictionary<string, bool>? _admitted;
    private readonly InboxPoller _inbox;
    private readonly Task _heartbeat;
    private readonly Task _collecting;
    private readonly Task _following;
    private bool _closed;

    private RunSession(
        EventStore store,
        RunPlan plan,
        Shard? shard,
        WriterId writer,
        ImmutableArray<Owned> held,
        IRuntime runtime,
        SessionWatch watch,
        BudgetReservation? reservation,
        ConcurrentDictionary<string, bool>? admitted,
        StartRun begin,
        SupervisorState? before,
        TimeProvider time
    )
    {
        (_store, Plan, Shard, Writer, _held, _runtime, _watch, _reservation, _admitted, _begin, _before, _time) = (
            store,
            plan,
            shard,
            writer,
            held,
            runtime,
            watch,
            reservation,
            admitted,
            begin,
            before,
            time
        );
        _inbox = new InboxPoller(store, plan.Run, shard, watch, AdmitAsync, TellAsync, time);
        _heartbeat = Heartbeat.BeatAsync(store.Ownership, held, writer, time, _closing.Token);
        _collecting = _inbox.CollectAsync(_closing.Token);
        _following = watch.IsElsewhere ? FollowAsync(_closing.Token) : Task.Delay(Timeout.Infinite, _closing.Token);
    }

    /// <summary>The plan.</summary>
    public RunPlan Plan { get; }

    /// <summary>The hosted shard, or null for the whole run.</summary>
    public Shard? Shard { get; }

    /// <summary>The writer id of this session.</summary>
    public WriterId Writer { get; }

    /// <summary>The supervisor's durable state; of a shard, that of its own supervisor.</summary>
    public SupervisorState State => _watch.State;

    /// <summary>Experiences of this session.</summary>
    public int Experiences => _watch.Experiences;

    /// <summary>Whether the session is idle: no message, no effect, no restart.</summary>
    public bool IsIdle => _runtime.IsIdle;

    /// <summary>
    /// Faults if the session cannot continue: the store is lost, another process has taken over, the supervisor itself
    /// fails, or the budget is used up.
    /// </summary>
    public Task Failure => Task.WhenAny(_runtime.Failure, _heartbeat, _collecting, _following, _reservation?.UsedUp ?? _following).Unwrap();

    /// <summary>Claims a run, and starts or resumes it.</summary>
    /// <param name="observer">Receives every event and every failure.</param>
    /// <exception cref="AlreadyOwnedException">Another process runs it.</exception>
    public static async Task<RunSession> OpenAsync(
        RunPlan plan,
        EventStore store,
        IEffects effects,
        SessionOptions options,
        IRuntimeObserver observer,
        TimeProvider time
    )
    {
        // random, like the ids of inputs: neither affects an instance
        var writer = WriterId.Of(RandomNumberGenerator.GetHexString(WriterId.Digits, lowercase: true));
        var before = await ReadStateAsync(plan, store, options.Shard);
        var planned = options.Shard?.InstancesOf(plan) ?? plan.Instances;
        ImmutableArray<string> instances =
        [
            .. planned.Select(i => RunPlan.NameOf(i.Variant, i.Replicate)).Union(before?.Instances.Keys ?? [], StringComparer.Ordinal),
        ];
        ImmutableArray<string> names = [OwnedName(plan.Run, options.Shard), .. instances.Select(n => $"{plan.Run}/{n}")];
        var hosting = options.Hosting ?? new ActorHosting(store.Journal, store.Snapshots, time);
        var held = hosting.ClaimsByItself ? [] : await store.Ownership.ClaimAsync(names, OwnerInfo.Here(writer), CancellationToken.None);
        try
        {
            before = await ReadStateAsync(plan, store, options.Shard); // no other process writes from here on
            if (before is not null && before.Plan!.Base != plan.Base)
                throw new JournalException(
                    $"The run {plan.Run} began with the base model {before.Plan.Base.Short}, but the current one is "
                        + $"{plan.Base.Short}: use the original build and models directory, or another --store."
                );
            var admitted = options.Only is { } only
                ? new ConcurrentDictionary<string, bool>(only.Select(n => KeyValuePair.Create(n, true)), StringComparer.Ordinal)
                : null;
            var watch = new SessionWatch(before ?? SupervisorDecider.Initial, observer, elsewhere: hosting.ClaimsByItself);
            if (options is { Meter: { } meter, Budget: null } && before?.Ledger.Budget.Prices is { } prices)
                meter.Price(prices);
            BudgetReservation? reservation = null;
            var runtime = await hosting.OpenAsync(SettingsOf(plan, writer, instances, options, admitted), effects, watch);
            try
            {
                reservation = ReservationOf(plan, writer, options, runtime, watch, time);
                var begin = new StartRun(before?.Plan ?? plan, options.Revive, options.Shard, options.Only);
                await runtime.TellAsync(FacultyAddress.Supervisor, begin);
                reservation?.Begin();
                return new RunSession(store, plan, options.Shard, writer, held, runtime, watch, reservation, admitted, begin, before, time);
            }
            catch
            {
                reservation?.Shut();
                await runtime.DisposeAsync();
                throw;
            }
        }
        catch
        {
            await store.Ownership.ReleaseAsync(held, writer, CancellationToken.None);
            throw;
        }
    }

    /// <summary>The name under which the host of a run, or of a shard, owns it.</summary>
    public static string OwnedName(string run, Shard? shard) => shard is null ? run : Shard.StreamOf(run, shard).Value;

    /// <summary>Activates another instance if only some are hosted: its pending work is found again.</summary>
    public async ValueTask AdmitAsync(string instance)
    {
        if (_admitted?.TryAdd(instance, true) == true)
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
    public ValueTask TellAsync(SupervisorCommand command) => _runtime.TellAsync(FacultyAddress.Supervisor, command);

    /// <summary>Completes when the supervisor's state satisfies a condition; faults with the session.</summary>
    /// <param name="wanted">Evaluated at every event of the supervisor; must be quick.</param>
    public async Task UntilAsync(Func<SupervisorState, bool> wanted, CancellationToken cancellationToken)
    {
        var reached = _watch.UntilAsync(wanted, cancellationToken);
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
        try
        {
            await using (_time.CreateTimer(_ => _reservation?.Shut(), null, CallsAtMost, Timeout.InfiniteTimeSpan))
                await _runtime.CalmAsync(now);
            await SettleAsync(now);
            await (RunHost.HasEnded(State) ? _runtime.EndAsync(now) : _runtime.StopAsync(now));
            await _closing.CancelAsync();
            // callers that wait on the session get its failure
            await Task.WhenAll(_heartbeat, _collecting, _following).ContinueWith(_ => { }, TaskScheduler.Default);
            await _inbox.EmptyAsync();
        }
        finally
        {
            await _closing.CancelAsync();
            await _runtime.DisposeAsync();
            await _store.Ownership.ReleaseAsync(_held, Writer, CancellationToken.None);
            _reservation?.Shut();
            _closing.Dispose();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await CloseAsync(new CancellationToken(canceled: true));

    // A process that has lost the run writes nothing more.
    private async Task SettleAsync(CancellationToken now)
    {
        if (
            _reservation is null
            || _runtime.Failure.IsCompleted
            || _heartbeat.IsFaulted
            || _following.IsFaulted
            || !(await _store.Ownership.HeartbeatAsync(_held, Writer, CancellationToken.None)).IsEmpty
        )
            return;
        if (await _reservation.SettleAsync(now))
            await _reservation.OthersAsync(now);
        else
            _watch.Refused(
                FacultyAddress.Run,
                Loop.Supervisor,
                new SettleSpending(Writer.Value, _reservation.Spent),
                "the supervisor did not respond, so everything that was reserved for this process counts as spent"
            );
    }

    private bool HasBegun() =>
        State.Plan is not null
        && (
            !_begin.Revive
            || _before is null
            || _before.Instances.All(l => l.Value.Status != InstanceState.Parked || State.Instances[l.Key].Revivals > l.Value.Revivals)
        );

    // The supervisor runs in one of the processes that host the run; its events are in the journal.
    private async Task FollowAsync(CancellationToken over)
    {
        var (follower, told) = (new RunFollower(_store.Journal, Plan.Run), _time.GetTimestamp());
        using var look = new PeriodicTimer(LookEvery, _time);
        try
        {
            do
            {
                await follower.CatchUpAsync(over);
                if (follower.Supervisors.FirstOrDefault(s => s.Shard == Shard) is { } supervised && supervised.State != State)
                    _watch.Moved(supervised.State);
                if (_time.GetElapsedTime(told) > AgainAfter && !HasBegun())
                {
                    told = _time.GetTimestamp();
                    await TellAsync(_begin); // a message to another process may have been lost
                }
            } while (await Heartbeat.NextAsync(look, over));
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // Cancelled; a read that is waiting for the store is abandoned.
        }
    }

    private static async Task<SupervisorState?> ReadStateAsync(RunPlan plan, EventStore store, Shard? shard)
    {
        var follower = new RunFollower(store.Journal, plan.Run);
        await follower.CatchUpAsync(CancellationToken.None);
        if (follower.Supervisors is [var first, ..] && first.Shard?.Count != shard?.Count)
        {
            throw new JournalException(
                first.Shard is null
                    ? $"The run {plan.Run} is not in shards: resume it without --shard, or use another --store."
                    : $"The run {plan.Run} is in {first.Shard.Count} shards: resume it with `--shard i/{first.Shard.Count}`, or "
                        + "use another --store."
            );
        }

        return follower.Supervisors.FirstOrDefault(s => s.Shard == shard)?.State;
    }

    // A shard has a part of the run's budget and of its rate limits.
    private static BudgetReservation? ReservationOf(
        RunPlan plan,
        WriterId writer,
        SessionOptions options,
        IRuntime runtime,
        SessionWatch watch,
        TimeProvider time
    )
    {
        if (options.Meter is not { } meter)
            return null;
        var reservation = new BudgetReservation(
            writer.Value,
            options.Budget?.ShareOf(plan, options.Shard),
            command => runtime.TellAsync(FacultyAddress.Supervisor, command),
            watch,
            time
        );
        meter.Open(reservation, runtime.Rates);
        return reservation;
    }

    private static ImmutableArray<Rate> RatesOf(RunPlan plan, SessionOptions options)
    {
        var rates = options.Meter?.Rates ?? [];
        return options.Shard is { } shard
            ?
            [
                .. rates.Select(r =>
                    r with
                    {
                        PerMinute = (int)Math.Max(1, (long)r.PerMinute * shard.InstancesOf(plan).Count() / plan.Instances.Count()),
                    }
                ),
            ]
            : rates;
    }

    private static HostSettings SettingsOf(
        RunPlan plan,
        WriterId writer,
        ImmutableArray<string> instances,
        SessionOptions options,
        ConcurrentDictionary<string, bool>? admitted
    ) =>
        new()
        {
            Run = plan.Run,
            Writer = writer,
            Instances = instances,
            Faculties = Loop.Faculties,
            Supervisor = Loop.Supervision,
            SupervisorStream = Shard.StreamOf(plan.Run, options.Shard),
            Codec = FacultyEvents.Codec,
            Park = (instance, why) => new ParkInstance(instance, why),
            Parallel = options.Parallel,
            Awake = instance => admitted?.ContainsKey(instance) ?? true,
            Rates = RatesOf(plan, options),
        };
}
