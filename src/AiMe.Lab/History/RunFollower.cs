using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.History;

/// <summary>How an input ended.</summary>
/// <param name="Cycle">The cycle in which, or after which, it was completed; 0 if it was taken back before.</param>
/// <param name="TakenBack">Why it left no experience, or null.</param>
public sealed record SettledCycle(int Cycle, string? TakenBack);

/// <summary>The state of a run's supervisor, or of one of its shards'.</summary>
/// <param name="Shard">Null if the run is not in shards.</param>
public sealed record Supervised(Shard? Shard, SupervisorState State);

/// <summary>
/// Reads a run's supervisor incrementally. A run in shards has a supervisor for each; their states are merged.
/// </summary>
/// <param name="snapshots">
/// Where to begin: the newest snapshot of a run that is not in shards. <see cref="Settled"/> then lacks what was settled before it, and
/// the chain before it is not checked. Null to read every event.
/// </param>
public sealed class RunFollower(IJournal journal, string run, ISnapshots? snapshots = null)
{
    private ImmutableArray<Followed> _streams = [];
    private bool _hasMoved; // a field, so that the next reading reports events that an interrupted one read

    /// <summary>The run when it was last read; without a plan if it has never started.</summary>
    public SupervisorState State { get; private set; } = SupervisorDecider.Initial;

    /// <summary>
    /// The supervisors in the order of their shards; a single one if the run is not in shards; none if it has never
    /// started.
    /// </summary>
    public ImmutableArray<Supervised> Supervisors { get; private set; } = [];

    /// <summary>Inputs that were completed or taken back, by arrival.</summary>
    public ImmutableDictionary<string, SettledCycle> Settled { get; private set; } =
        ImmutableDictionary.Create<string, SettledCycle>(StringComparer.Ordinal);

    /// <summary>The shard of an instance; null if the run is not in shards.</summary>
    public Shard? ShardOf(string instance) =>
        Supervisors.FirstOrDefault(s => s.State.Instances.ContainsKey(instance))?.Shard
        ?? Supervisors.Select(s => s.Shard).FirstOrDefault()?.OfPlanned(State.Plan!, instance);

    /// <summary>Reads the new events.</summary>
    /// <exception cref="CorruptJournalException">
    /// A row cannot be read, is missing, or does not continue its chain.
    /// </exception>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        if (!IsWhole)
            await FindAsync(cancellationToken);
        for (var i = 0; i < _streams.Length; i++)
        {
            var now = await ReadAsync(_streams[i], cancellationToken);
            _hasMoved |= now != _streams[i] || State.Plan is null;
            _streams = _streams.SetItem(i, now);
        }

        if (!_hasMoved)
            return;
        _hasMoved = false;
        Supervisors =
        [
            .. _streams.Select(s => new Supervised(s.Shard, (SupervisorState)s.Current.State)).Where(s => s.State.Plan is not null),
        ];
        State = Together();
    }

    private bool IsWhole => _streams is [{ Shard: null }] || _streams is [{ Shard.Count: var count }, ..] && _streams.Length == count;

    private async Task FindAsync(CancellationToken cancellationToken)
    {
        var fresh = StreamState.Before(Loop.Supervision);
        foreach (var id in await journal.PersistenceIdsAsync(Shard.StreamOf(run, shard: null).Value, cancellationToken))
        {
            if (Shard.RunOf(id, out var shard) == run && _streams.All(s => s.Shard != shard))
                _streams = _streams.Add(new(shard, shard is null ? await NewestAsync(id, cancellationToken) ?? fresh : fresh, Ended: null));
        }

        _streams = _streams.Sort((a, b) => (a.Shard?.Index ?? 0).CompareTo(b.Shard?.Index ?? 0));
    }

    private async Task<StreamState?> NewestAsync(PersistenceId stream, CancellationToken cancellationToken) =>
        snapshots is not null
        && await snapshots.LoadAsync(stream, long.MaxValue, cancellationToken) is { } snapshot
        && snapshot.Manifest == Loop.Supervision.StateManifest
            ? StreamState.Of(snapshot, Loop.Supervision)
            : null;

    private async Task<Followed> ReadAsync(Followed stream, CancellationToken cancellationToken)
    {
        var (shard, current, ended) = stream;
        await foreach (
            var row in journal.ReadAsync(Shard.StreamOf(run, shard), current.SequenceNumber + 1, long.MaxValue, cancellationToken)
        )
        {
            current = current.Next(Loop.Supervision, row, FacultyEvents.Codec, out var happened);
            if (happened is RunEnded)
                ended = ((SupervisorState)current.State).Instances;
            Settled = happened switch
            {
                InputAnswered a => Settled.SetItem(a.Arrival, new SettledCycle(a.Cycle, TakenBack: null)),
                InputWithdrawn w => Settled.SetItem(w.Arrival, new SettledCycle(w.Cycle, w.Reason)),
                _ => Settled,
            };
        }

        return current == stream.Current ? stream : new(shard, current, ended);
    }

    // Shards that have not begun have unborn instances; the run has ended once all shards have.
    private SupervisorState Together()
    {
        if (Supervisors is not [{ Shard: { } shard }, ..])
            return Supervisors is [var only, ..] ? only.State : SupervisorDecider.Initial;
        var planned = SupervisorDecider.Evolve(SupervisorDecider.Initial, new RunPlanned(Supervisors[0].State.Plan!));
        var instances = Supervisors.Aggregate(planned.Instances, (all, s) => all.SetItems(s.State.Instances));
        var ended = Supervisors.Length == shard.Count && _streams.All(s => s.Ended is not null);
        return planned with
        {
            Instances = instances,
            Digest = ended ? SupervisorState.DigestOf(_streams.SelectMany(s => s.Ended!).Where(l => l.Value.Parent is null)) : null,
            Arrivals = [.. Supervisors.SelectMany(s => s.State.Arrivals)],
            Ledger = SpendingLedger.Sum(Supervisors.Select(s => s.State.Ledger)),
            LeftOut = [.. Supervisors.SelectMany(s => s.State.LeftOut).DistinctBy(l => (l.Parameter, l.Instead))],
            Servers = [.. Supervisors.SelectMany(s => s.State.Servers).Distinct()],
            IndexFailures = [.. Supervisors.SelectMany(s => s.State.IndexFailures)],
        };
    }

    /// <summary>A supervisor's stream, as far as it was read.</summary>
    /// <param name="Ended">
    /// The instances when the run, or its shard, last ended: later input is not in its digest. Null before.
    /// </param>
    private sealed record Followed(Shard? Shard, StreamState Current, ImmutableSortedDictionary<string, InstanceProgress>? Ended);
}
