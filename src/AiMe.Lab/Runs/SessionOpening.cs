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

/// <summary>Opens a session: claims a run, and starts or resumes it.</summary>
internal sealed class SessionOpening(RunPlan plan, EventStore store, SessionOptions options, TimeProvider time)
{
    // random, like the ids of inputs: neither affects an instance
    private readonly WriterId _writer = WriterId.Of(RandomNumberGenerator.GetHexString(WriterId.Digits, lowercase: true));

    private readonly IRuntimeFactory _hosting = options.Hosting ?? new ActorHosting(store.Journal, store.Snapshots, time);

    private readonly ConcurrentDictionary<string, bool>? _admitted = options.Only is { } only
        ? new(only.Select(n => KeyValuePair.Create(n, true)), StringComparer.Ordinal)
        : null;

    /// <param name="observer">Receives every event and every failure.</param>
    /// <exception cref="AlreadyOwnedException">Another process runs it.</exception>
    public async Task<RunSession> OpenAsync(IEffects effects, IRuntimeObserver observer)
    {
        var known = await ReadStateAsync();
        var planned = options.Shard?.InstancesOf(plan) ?? plan.Instances;
        ImmutableArray<string> instances =
        [
            .. planned.Select(i => RunPlan.NameOf(i.Variant, i.Replicate)).Union(known?.Instances.Keys ?? [], StringComparer.Ordinal),
        ];
        ImmutableArray<string> names = [RunSession.OwnedName(plan.Run, options.Shard), .. instances.Select(n => $"{plan.Run}/{n}")];
        var held = _hosting.ClaimsByItself ? [] : await store.Ownership.ClaimAsync(names, OwnerInfo.Here(_writer), CancellationToken.None);
        try
        {
            var before = await ReadStateAsync(); // no other process writes from here on
            if (before?.Plan!.BaseThatDiffersFrom(plan) is var (began, now))
                throw new JournalException(
                    $"The run {plan.Run} began with the base model {began.Short}, but the current one is "
                        + $"{now.Short}: use the original build and models directory, or another --store."
                );
            if (options is { Meter: { } meter, Budget: null } && before?.Ledger.Budget.Prices is { } prices)
                meter.Price(prices);
            var watch = new SessionWatch(before ?? SupervisorDecider.Initial, observer, elsewhere: _hosting.ClaimsByItself);
            var runtime = await _hosting.OpenAsync(SettingsOf(instances), effects, watch);
            return await StartAsync(runtime, watch, held, before);
        }
        catch
        {
            await store.Ownership.ReleaseAsync(held, _writer, CancellationToken.None);
            throw;
        }
    }

    private async Task<RunSession> StartAsync(IRuntime runtime, SessionWatch watch, ImmutableArray<Owned> held, SupervisorState? before)
    {
        BudgetReservation? reservation = null;
        try
        {
            reservation = ReservationOf(runtime, watch);
            if (reservation is not null)
                options.Refusals?.Open(reservation, command => runtime.TellAsync(FacultyAddress.Supervisor, command), watch, time);
            options.Index?.Open(_writer.Value, command => runtime.TellAsync(FacultyAddress.Supervisor, command), watch, time);
            var start = new StartRun(before?.Plan ?? plan, options.Revive, options.Shard, options.Only);
            await runtime.TellAsync(FacultyAddress.Supervisor, start);
            reservation?.Begin();
            return new RunSession(
                store,
                new HostedRun(
                    plan,
                    options.Shard,
                    _writer,
                    held,
                    runtime,
                    watch,
                    watch.IsElsewhere ? new SupervisorFollower(store.Journal, runtime, watch, start, before, time) : null,
                    reservation,
                    _admitted,
                    options.Index
                ),
                time
            );
        }
        catch
        {
            reservation?.Shut();
            await runtime.DisposeAsync();
            if (options.Index is { } index)
                await index.DisposeAsync();
            throw;
        }
    }

    private async Task<SupervisorState?> ReadStateAsync()
    {
        var (follower, shard) = (new RunFollower(store.Journal, plan.Run), options.Shard);
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
    private BudgetReservation? ReservationOf(IRuntime runtime, SessionWatch watch)
    {
        if (options.Meter is not { } meter)
            return null;
        var reservation = new BudgetReservation(
            _writer.Value,
            options.Budget?.ShareOf(plan, options.Shard),
            command => runtime.TellAsync(FacultyAddress.Supervisor, command),
            watch,
            time
        );
        meter.Open(reservation, runtime.Rates);
        return reservation;
    }

    private ImmutableArray<Rate> Rates()
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

    private HostSettings SettingsOf(ImmutableArray<string> instances) =>
        new()
        {
            Run = plan.Run,
            Writer = _writer,
            Instances = instances,
            Faculties = Loop.Faculties,
            Supervisor = Loop.Supervision,
            SupervisorStream = Shard.StreamOf(plan.Run, options.Shard),
            Codec = FacultyEvents.Codec,
            Park = (instance, why) => new ParkInstance(instance, why),
            Parallel = options.Parallel,
            Awake = instance => _admitted?.ContainsKey(instance) ?? true,
            Rates = Rates(),
        };
}
