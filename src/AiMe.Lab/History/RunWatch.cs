using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Runs;

namespace AiMe.Lab.History;

/// <summary>
/// Follows a run while it is written. Each call reads the supervisor's new events and the last experience of the
/// instances with new rows.
/// </summary>
/// <remarks>No instance is folded, so the cost of a call depends on the new events only.</remarks>
/// <param name="siblings">To tell the run from the other runs of its experiment; null to leave that out.</param>
/// <param name="isQuick">
/// For a display that looks often: it begins at the supervisor's newest snapshot, whose chain is not checked, and counts the calls of
/// earlier rows in steps, so that the first looks tell of fewer.
/// </param>
public sealed class RunWatch(EventStore store, string run, TimeProvider time, ExperimentRuns? siblings = null, bool isQuick = false)
{
    private const string StoredFact = "memory.stored";
    private const long FirstLook = 20_000; // rows that the first call reads for the throughput

    private readonly Dictionary<string, int> _cycles = new(StringComparer.Ordinal);
    private Queue<(long Ticks, string Instance)> _recent = new();
    private const long CountedAtOnce = 50_000; // rows whose calls a quick look counts

    private readonly RunFollower _follower = new(store.Journal, run, isQuick ? store.Snapshots : null);
    private readonly CallTally _calls = new();
    private ImmutableArray<(string Key, string Value)> _settings;
    private long _seen = -1;
    private long _counted;

    /// <summary>Whether the calls of every row that was seen are counted.</summary>
    public bool HasCounted => _counted >= _seen;

    /// <summary>The current status; null if the run has not started.</summary>
    /// <exception cref="CorruptJournalException">
    /// A row of the supervisor's stream cannot be read, is missing, or does not continue its chain.
    /// </exception>
    public async Task<RunStatus?> LookAsync(CancellationToken cancellationToken)
    {
        var newest = await store.Glance.NewestAsync(cancellationToken);
        await _follower.CatchUpAsync(cancellationToken);
        if (_follower.State is not { Plan: { } plan } state)
            return null;

        var first = _seen < 0;
        if (first)
            _settings = DistinctSettings.Of(plan, siblings is null ? [] : await siblings.OthersAsync(run, cancellationToken));
        var moved = await MovedAsync(first ? Math.Max(0, newest - FirstLook) : _seen, newest, cancellationToken);
        var counted = isQuick ? Math.Min(newest, _counted + CountedAtOnce) : newest;
        await CountAsync(_counted, counted, cancellationToken);
        (_seen, _counted) = (newest, counted);
        foreach (var (name, instance) in state.Instances)
        {
            if (instance.IsAtRest)
                _cycles[name] = instance.Cycle;
            else if (first || moved.Contains(name))
                _cycles[name] = await CycleAsync(name, cancellationToken);
        }

        return await StatusAsync(state, plan, cancellationToken);
    }

    private async Task<HashSet<string>> MovedAsync(long after, long to, CancellationToken cancellationToken)
    {
        var (prefix, suffix) = ($"{run}/", $"/{Loop.Memory}");
        var moved = new HashSet<string>(StringComparer.Ordinal);
        var stored = new List<(long Ticks, string Instance)>();
        foreach (var row in await store.Glance.BetweenAsync(after, to, StoredFact, cancellationToken))
        {
            if (
                !row.Stream.Value.StartsWith(prefix, StringComparison.Ordinal)
                || !row.Stream.Value.EndsWith(suffix, StringComparison.Ordinal)
            )
                continue;
            var instance = row.Stream.Value[prefix.Length..^suffix.Length];
            moved.Add(instance);
            stored.Add((row.CreatedTicks, instance));
        }

        // In order of time, which with several writers is not the order of rows: a new row may be older than one that
        // was seen.
        if (stored.Count > 0)
            _recent = new(_recent.Concat(stored).OrderBy(s => s.Ticks));
        var past = time.GetUtcNow().UtcTicks - Throughput.Window.Ticks;
        while (_recent.Count > 1 && _recent.Peek().Ticks < past) // the newest is kept, because it shows when the run last wrote
            _recent.Dequeue();
        return moved;
    }

    // The supervisor's stream has the same prefix; its events tell of no call.
    private async Task CountAsync(long after, long to, CancellationToken cancellationToken)
    {
        foreach (var (manifest, rows) in await store.Glance.CountsAsync($"{run}/", after, to, cancellationToken))
        {
            if (CallTally.ByManifest.TryGetValue(manifest[..manifest.IndexOf('@', StringComparison.Ordinal)], out var call))
                _calls.Add(call.Kind, call.Outcome, rows);
        }

        foreach (var row in await store.Glance.RowsAsync($"{run}/", after, to, CallTally.ByContent, cancellationToken))
            _calls.Add(JournalRows.Read<Event>(row));
    }

    // Exact for any number of calls; a counter would have to remember the counted rows.
    private async Task<int> CycleAsync(string instance, CancellationToken cancellationToken)
    {
        var last = await store.Glance.LastAsync(
            PersistenceId.Of(run, new FacultyAddress(instance, Loop.Memory)),
            StoredFact,
            cancellationToken
        );
        return last is null ? 0 : JournalRows.Read<Stored>(last).Cycle;
    }

    private async Task<RunStatus> StatusAsync(SupervisorState state, RunPlan plan, CancellationToken cancellationToken)
    {
        var instances = InstanceOrder.Of(state).Select(name => Standing(name, state.Instances[name])).ToImmutableArray();
        var shards = await ShardsAsync(cancellationToken);
        var holder = shards.IsEmpty
            ? await HolderAsync(cancellationToken)
            : shards.Select(s => s.Holder).OrderByDescending(h => h?.IsAlive).ThenByDescending(h => h?.Owner.Heartbeat).FirstOrDefault();
        var since =
            holder is { IsAlive: true } h && h.Owner.Info.Host == Environment.MachineName
                ? Processes.StartedAt(h.Owner.Info.ProcessId)
                : null;
        var now = time.GetUtcNow();
        var left = instances.Where(l => l.Status == InstanceState.Living).Sum(l => plan.Cycles - l.OnPlan);
        var inbox = (await store.Inbox.WaitingAsync(run, cancellationToken))
            .Where(l => !PauseRequest.Is(l) && !state.Arrivals.Contains(l.Arrival, StringComparer.Ordinal))
            .Select(l => (l.Instance, Review: InputJson.FindReview(l)))
            .ToList();
        DateTimeOffset? wrote = _recent.Count > 0 ? new DateTimeOffset(_recent.Last().Ticks, TimeSpan.Zero) : null;
        return new RunStatus(
            state,
            instances,
            holder,
            since,
            wrote,
            Throughput.Of(
                _recent.Select(s => (s.Ticks, state.Instances.GetValueOrDefault(s.Instance)?.Status == InstanceState.Living)),
                now.UtcTicks,
                left
            ),
            inbox.Count(l => l.Review is null),
            now
        )
        {
            OpenReviews = state
                .Instances.Where(l => l.Value.AwaitsReviews)
                .Sum(l => OpenOf(l.Value, [.. inbox.Where(i => i.Instance == l.Key).Select(i => i.Review).OfType<ReviewAnswer>()])),
            Shards = shards,
            Settings = _settings,
            Calls = CallTally.Sum([_calls]), // a copy: the next look counts on
        };
    }

    // In a cluster each node owns the instances that it hosts; the supervisor's node, which alone owns the name of the
    // run, may be gone.
    private async Task<Holder?> HolderAsync(CancellationToken cancellationToken)
    {
        var holder = await store.Ownership.HolderAsync(run, cancellationToken);
        if (holder is not { IsAlive: false })
            return holder;
        var others = await store.Ownership.HoldersAsync(cancellationToken);
        return others.Where(h => h.IsAlive && h.Owner.Name.StartsWith($"{run}/", StringComparison.Ordinal)).MaxBy(h => h.Owner.Heartbeat)
            ?? holder;
    }

    private async Task<ImmutableArray<ShardStatus>> ShardsAsync(CancellationToken cancellationToken)
    {
        var shards = ImmutableArray.CreateBuilder<ShardStatus>();
        foreach (var shard in Shard.All(_follower.Supervisors[0].Shard?.Count ?? 0))
        {
            var state = _follower.Supervisors.FirstOrDefault(s => s.Shard == shard)?.State;
            shards.Add(
                new ShardStatus(
                    shard,
                    await store.Ownership.HolderAsync(RunSession.OwnedName(run, shard), cancellationToken),
                    state is not null,
                    state?.Digest is not null
                )
            );
        }

        return shards.DrainToImmutable();
    }

    private static int OpenOf(InstanceProgress instance, ImmutableArray<ReviewAnswer> inbox) =>
        inbox.Aggregate(instance.ReviewsSoFar, (board, answer) => board.With(answer)).Open.Length;

    private InstanceStatus Standing(string name, InstanceProgress instance)
    {
        var cycle = Math.Max(instance.Cycle, _cycles.GetValueOrDefault(name));
        return new(
            name,
            instance.Variant,
            instance.Replicate,
            instance.Status,
            cycle,
            instance.PlannedUpTo(cycle),
            instance.Generation,
            instance.Reason,
            instance.Waiting.Length + (instance.Open is null ? 0 : 1),
            instance.Parent
        );
    }
}
