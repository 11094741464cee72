using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using AiMe.Actors.Persistence;
using AiMe.EventSourcing;
using AiMe.Journal;

namespace AiMe.Simulation.Machine;

/// <summary>
/// The journal and the snapshots of one process. Appends that are not yet on the disk are lost with the process.
/// </summary>
/// <remarks>
/// An append becomes durable some time after its start, all or nothing, and is acknowledged some time later. Appends to
/// one stream become durable in order; those to different streams in any order.
/// </remarks>
public sealed class SimulatedJournal(SimulatedMachine machine) : IJournal, IStateSnapshots
{
    private readonly List<Append> _inFlight = [];
    private bool _gone;

    /// <summary>The thread that its steps run on.</summary>
    internal SimulatedThread Thread { get; set; } = new();

    /// <summary>Number of unanswered appends.</summary>
    public int UnderWay { get; private set; }

    /// <inheritdoc />
    public async Task AppendAsync(
        PersistenceId stream,
        WriterId writer,
        ImmutableArray<JournalEntry> entries,
        CancellationToken cancellationToken
    )
    {
        UnderWay++;
        try
        {
            await AppendAsync(new Append(stream, writer, entries));
        }
        finally
        {
            UnderWay--;
        }
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<JournalRow> ReadAsync(
        PersistenceId stream,
        long from,
        long to,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await LingerAsync();
        var rows = machine.Disk.Rows(stream);
        machine.Schedule?.Note(stream.Value, $"is read from {from}: {Math.Max(0, rows.Count - from + 1)} rows");
        for (var i = (int)from - 1; i < rows.Count && i < to; i++)
            yield return rows[i];
    }

    /// <inheritdoc />
    public IAsyncEnumerable<JournalRow> ReadAllAsync(long afterOrdering, CancellationToken cancellationToken) =>
        throw new NotSupportedException("The simulated actors read single streams only.");

    /// <inheritdoc />
    public Task<long> HighestSequenceNumberAsync(PersistenceId stream, CancellationToken cancellationToken) =>
        Task.FromResult((long)machine.Disk.Rows(stream).Count);

    /// <inheritdoc />
    public Task DeleteAsync(PersistenceId stream, long toSequenceNumber, CancellationToken cancellationToken) =>
        throw new NotSupportedException("The simulated actors never delete events.");

    /// <inheritdoc />
    public Task<ImmutableArray<PersistenceId>> PersistenceIdsAsync(string prefix, CancellationToken cancellationToken) =>
        Task.FromResult(
            machine
                .Disk.Streams.Where(s => s.StartsWith(prefix, StringComparison.Ordinal))
                .Select(s => new PersistenceId(s))
                .ToImmutableArray()
        );

    Task ISnapshots.SaveAsync(
        PersistenceId stream,
        long sequenceNumber,
        string manifest,
        ReadOnlyMemory<byte> state,
        CancellationToken cancellationToken
    ) => SaveAsync(stream, sequenceNumber, manifest, () => state);

    Task IStateSnapshots.SaveAsync(PersistenceId stream, long sequenceNumber, StoredState state) =>
        SaveAsync(stream, sequenceNumber, state.Manifest, () => state.State);

    private async Task SaveAsync(PersistenceId stream, long sequenceNumber, string manifest, Func<ReadOnlyMemory<byte>> state)
    {
        await LingerAsync();
        machine.Disk.Save(new SavedSnapshot(stream, sequenceNumber, manifest, state, machine.Clock.GetUtcNow().UtcTicks));
        machine.Schedule?.Note(stream.Value, $"has a snapshot of {sequenceNumber}");
        await LingerAsync();
    }

    async Task<Snapshot?> ISnapshots.LoadAsync(PersistenceId stream, long atMost, CancellationToken cancellationToken)
    {
        await LingerAsync();
        if (machine.Disk.Newest(stream, atMost) is not { } snapshot)
            return null;
        if (!machine.Dice.Chance(machine.Faults.SnapshotDamaged))
            return snapshot;
        var damaged = snapshot.State.ToArray();
        var at = machine.Dice.Below(damaged.Length);
        damaged[at] ^= (byte)(1 << machine.Dice.Below(8));
        machine.Schedule?.Note(stream.Value, $"! the snapshot of {snapshot.SequenceNumber} is damaged at byte {at}");
        return snapshot with { State = damaged };
    }

    IAsyncEnumerable<Snapshot> ISnapshots.AllAsync(PersistenceId stream, CancellationToken cancellationToken) =>
        throw new NotSupportedException("The simulated actors read the newest snapshot only.");

    Task ISnapshots.DeleteAsync(PersistenceId stream, long toSequenceNumber, CancellationToken cancellationToken)
    {
        machine.Disk.DeleteSnapshots(stream, toSequenceNumber);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>
    /// The process is gone: some appends in flight become durable without acknowledgement, and the rest are lost.
    /// </summary>
    public void Abandon()
    {
        HashSet<string> cut = new(StringComparer.Ordinal);
        foreach (var append in _inFlight)
        {
            if (cut.Contains(append.Stream.Value) || !machine.Dice.Chance(machine.Faults.DurableUnacknowledged))
            {
                cut.Add(append.Stream.Value);
                machine.Schedule?.Note(append.Stream.Value, $"! loses {Text(append.Entries)}, not yet durable");
                continue;
            }

            Commit(append);
            machine.Schedule?.Note(append.Stream.Value, $"! {Text(append.Entries)} is durable, but not acknowledged");
        }

        _inFlight.Clear();
        Close();
    }

    /// <summary>Answers no more calls.</summary>
    public void Close() => _gone = true;

    // Never completes if the process is gone.
    private Task LingerAsync() => _gone ? new TaskCompletionSource().Task : machine.LingerAsync();

    private async Task AppendAsync(Append append)
    {
        if (_gone)
            await LingerAsync();
        var (stream, entries) = (append.Stream, append.Entries);
        var before = _inFlight.FindLast(a => a.Stream == stream);
        _inFlight.Add(append);
        machine.Schedule?.Note(stream.Value, $"appends {Text(entries)}");
        if (before is not null)
            await (before.Over ??= new TaskCompletionSource()).Task;
        await LingerAsync();
        var fails = machine.Dice.Chance(machine.Faults.StoreFails) ? machine.Dice.Below(2) + 1 : 0;
        if (fails != 1)
            Commit(append);
        _inFlight.Remove(append);
        if (append.Over is { } over)
            Thread.Add(over.SetResult); // the append behind it continues in its own step
        if (fails > 0)
        {
            machine.Schedule?.Note(
                stream.Value,
                fails == 1 ? "! the store fails; the append is lost" : "! the store fails; the append is durable"
            );
            throw new JournalException("the disk is gone");
        }

        await LingerAsync();
        machine.Schedule?.Note(stream.Value, $"acknowledges {Text(entries)}");
    }

    private void Commit(Append append)
    {
        machine.Order.Add(append.Stream.Value);
        machine.Order.Add(append.Entries[0].SequenceNumber);
        machine.Disk.Append(append.Stream, append.Writer, append.Entries, machine.Clock.GetUtcNow().UtcTicks);
    }

    private static string Text(ImmutableArray<JournalEntry> entries) =>
        string.Join(", ", entries.Select(e => $"{e.SequenceNumber} {e.Manifest}"));

    private sealed class Append(PersistenceId stream, WriterId writer, ImmutableArray<JournalEntry> entries)
    {
        public PersistenceId Stream => stream;

        public WriterId Writer => writer;

        public ImmutableArray<JournalEntry> Entries => entries;

        // Completes when the append has ended; null if no append waits for it.
        public TaskCompletionSource? Over { get; set; }
    }
}
