using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using AiMe.EventSourcing;

namespace AiMe.Journal;

/// <summary>
/// A journal in memory, for tests, rehearsals and the simulated host. Every call completes synchronously.
/// </summary>
/// <param name="clock">Gives the <c>created</c> ticks.</param>
public sealed class InMemoryJournal(TimeProvider clock) : IJournal, ISnapshots
{
    private readonly Lock _gate = new();
    private readonly List<StoredRow> _rows = [];
    private readonly Dictionary<PersistenceId, List<StoredRow>> _streams = [];
    private readonly Dictionary<PersistenceId, SortedList<long, Snapshot>> _snapshots = [];

    /// <inheritdoc />
    public Task AppendAsync(
        PersistenceId stream,
        WriterId writer,
        ImmutableArray<JournalEntry> entries,
        CancellationToken cancellationToken
    )
    {
        Entries.Check(stream, writer, entries);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (!_streams.TryGetValue(stream, out var rows))
                rows = [];
            if (entries[0].SequenceNumber != rows.Count + 1)
                return Task.FromException(Entries.Conflict(stream, entries[0].SequenceNumber, rows.Count));
            _streams[stream] = rows;
            foreach (var entry in entries)
            {
                var created = entry.CreatedTicks ?? clock.GetUtcNow().UtcTicks;
                var row = new StoredRow(
                    new JournalRow(_rows.Count + 1, stream, entry.SequenceNumber, entry.Manifest, entry.Message.ToArray(), created, writer)
                );
                _rows.Add(row);
                rows.Add(row);
            }
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<JournalRow> ReadAsync(
        PersistenceId stream,
        long from,
        long to,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        ImmutableArray<JournalRow> rows;
        lock (_gate)
            rows =
            [
                .. _streams
                    .GetValueOrDefault(stream, [])
                    .Where(row => !row.Deleted)
                    .Select(row => row.Stored)
                    .Where(row => row.SequenceNumber >= from && row.SequenceNumber <= to),
            ];
        foreach (var row in rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return row;
        }

        await Task.CompletedTask;
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<JournalRow> ReadAllAsync(long afterOrdering, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ImmutableArray<JournalRow> rows;
        lock (_gate)
            // orderings have no gaps here
            rows = [.. _rows.Skip((int)Math.Min(afterOrdering, int.MaxValue)).Where(row => !row.Deleted).Select(row => row.Stored)];
        foreach (var row in rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return row;
        }

        await Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<long> HighestSequenceNumberAsync(PersistenceId stream, CancellationToken cancellationToken)
    {
        lock (_gate)
            return Task.FromResult(_streams.TryGetValue(stream, out var rows) ? (long)rows.Count : 0);
    }

    /// <inheritdoc />
    public Task DeleteAsync(PersistenceId stream, long toSequenceNumber, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            foreach (var row in _streams.GetValueOrDefault(stream, []).Where(row => row.Stored.SequenceNumber <= toSequenceNumber))
                row.Deleted = true;
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<ImmutableArray<PersistenceId>> PersistenceIdsAsync(string prefix, CancellationToken cancellationToken)
    {
        lock (_gate)
            return Task.FromResult(
                _streams
                    .Keys.Where(id => id.Value.StartsWith(prefix, StringComparison.Ordinal))
                    .OrderBy(id => id.Value, StringComparer.Ordinal)
                    .ToImmutableArray()
            );
    }

    Task ISnapshots.SaveAsync(
        PersistenceId stream,
        long sequenceNumber,
        string manifest,
        ReadOnlyMemory<byte> state,
        CancellationToken cancellationToken
    )
    {
        Entries.CheckStream(stream);
        lock (_gate)
        {
            if (!_snapshots.TryGetValue(stream, out var saved))
                _snapshots[stream] = saved = [];
            saved[sequenceNumber] = new Snapshot(stream, sequenceNumber, manifest, state.ToArray(), clock.GetUtcNow().UtcTicks);
        }

        return Task.CompletedTask;
    }

    Task<Snapshot?> ISnapshots.LoadAsync(PersistenceId stream, long atMost, CancellationToken cancellationToken)
    {
        lock (_gate)
            return Task.FromResult(
                _snapshots.TryGetValue(stream, out var saved) ? saved.Values.LastOrDefault(s => s.SequenceNumber <= atMost) : null
            );
    }

    async IAsyncEnumerable<Snapshot> ISnapshots.AllAsync(PersistenceId stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ImmutableArray<Snapshot> all;
        lock (_gate)
            all = _snapshots.TryGetValue(stream, out var saved) ? [.. saved.Values] : [];
        foreach (var snapshot in all)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return snapshot;
        }

        await Task.CompletedTask;
    }

    Task ISnapshots.DeleteAsync(PersistenceId stream, long toSequenceNumber, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_snapshots.TryGetValue(stream, out var saved))
                _snapshots[stream] = new(saved.Where(s => s.Key > toSequenceNumber).ToDictionary());
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class StoredRow(JournalRow stored)
    {
        public JournalRow Stored { get; } = stored;

        public bool Deleted { get; set; }
    }
}
