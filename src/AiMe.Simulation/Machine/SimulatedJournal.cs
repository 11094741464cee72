using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using AiMe.EventSourcing;
using AiMe.Journal;

namespace AiMe.Simulation.Machine;

/// <summary>
/// The journal and the snapshots as one process has them: what is not yet on the disk is lost with the process.
/// </summary>
/// <remarks>
/// An append is durable some time after it was asked for, all of it or nothing, and is acknowledged some time after
/// that. Appends to one stream become durable in their order, those to different streams in any.
/// </remarks>
public sealed class SimulatedJournal(SimulatedMachine machine) : IJournal, ISnapshots
{
    private readonly List<Append> _underWay = [];
    private bool _gone;

    /// <summary>Where it puts its steps.</summary>
    internal SimulatedThread Thread { get; set; } = new();

    /// <summary>Appends that were asked for and are not answered yet.</summary>
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
        throw new NotSupportedException("The actors read streams; nothing simulated reads them all at once.");

    /// <inheritdoc />
    public Task<long> HighestSequenceNumberAsync(PersistenceId stream, CancellationToken cancellationToken) =>
        Task.FromResult((long)machine.Disk.Rows(stream).Count);

    /// <inheritdoc />
    public Task DeleteAsync(PersistenceId stream, long toSequenceNumber, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Nothing simulated deletes events.");

    /// <inheritdoc />
    public Task<ImmutableArray<PersistenceId>> PersistenceIdsAsync(string prefix, CancellationToken cancellationToken) =>
        Task.FromResult(
            machine
                .Disk.Streams.Where(s => s.StartsWith(prefix, StringComparison.Ordinal))
                .Select(s => new PersistenceId(s))
                .ToImmutableArray()
        );

    async Task ISnapshots.SaveAsync(
        PersistenceId stream,
        long sequenceNumber,
        string manifest,
        ReadOnlyMemory<byte> state,
        CancellationToken cancellationToken
    )
    {
        await LingerAsync();
        machine.Disk.Save(new Snapshot(stream, sequenceNumber, manifest, state, machine.Clock.GetUtcNow().UtcTicks));
        machine.Schedule?.Note(stream.Value, $"has a snapshot of {sequenceNumber}");
        await LingerAsync();
    }

    async Task<Snapshot?> ISnapshots.LoadAsync(PersistenceId stream, long atMost, CancellationToken cancellationToken)
    {
        await LingerAsync();
        if (machine.Disk.Newest(stream, atMost) is not { } snapshot || !machine.Dice.Chance(machine.Faults.SnapshotDamaged))
            return machine.Disk.Newest(stream, atMost);
        var damaged = snapshot.State.ToArray();
        var at = machine.Dice.Below(damaged.Length);
        damaged[at] ^= (byte)(1 << machine.Dice.Below(8));
        machine.Schedule?.Note(stream.Value, $"! the snapshot of {snapshot.SequenceNumber} is damaged at byte {at}");
        return snapshot with { State = damaged };
    }

    IAsyncEnumerable<Snapshot> ISnapshots.AllAsync(PersistenceId stream, CancellationToken cancellationToken) =>
        throw new NotSupportedException("The actors read the newest snapshot; nothing simulated reads them all.");

    Task ISnapshots.DeleteAsync(PersistenceId stream, long toSequenceNumber, CancellationToken cancellationToken)
    {
        machine.Disk.DeleteSnapshots(stream, toSequenceNumber);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>
    /// The process is gone: of what was under way some is durable although nobody was told, and the rest never was.
    /// </summary>
    public void Abandon()
    {
        HashSet<string> cut = new(StringComparer.Ordinal);
        foreach (var append in _underWay)
        {
            if (cut.Contains(append.Stream.Value) || !machine.Dice.Chance(machine.Faults.DurableUnacknowledged))
            {
                cut.Add(append.Stream.Value);
                machine.Schedule?.Note(append.Stream.Value, $"! loses {Text(append.Entries)}, which was not durable yet");
                continue;
            }

            Commit(append);
            machine.Schedule?.Note(append.Stream.Value, $"! {Text(append.Entries)} is durable, and nobody was told");
        }

        _underWay.Clear();
        Close();
    }

    /// <summary>Does nothing any more, and answers nobody.</summary>
    public void Close() => _gone = true;

    // Never completes for a process that is gone.
    private Task LingerAsync() => _gone ? new TaskCompletionSource().Task : machine.LingerAsync();

    private async Task AppendAsync(Append append)
    {
        if (_gone)
            await LingerAsync();
        var (stream, entries) = (append.Stream, append.Entries);
        var before = _underWay.FindLast(a => a.Stream == stream);
        _underWay.Add(append);
        machine.Schedule?.Note(stream.Value, $"appends {Text(entries)}");
        if (before is not null)
            await (before.Over ??= new TaskCompletionSource()).Task;
        await LingerAsync();
        var fails = machine.Dice.Chance(machine.Faults.StoreFails) ? machine.Dice.Below(2) + 1 : 0;
        if (fails != 1)
            Commit(append);
        _underWay.Remove(append);
        if (append.Over is { } over)
            Thread.Add(over.SetResult); // who waits for it goes on in a step of its own
        if (fails > 0)
        {
            machine.Schedule?.Note(
                stream.Value,
                fails == 1 ? "! the store fails, and the append is lost" : "! the store fails, though the append is durable"
            );
            throw new JournalException("the disk is gone");
        }

        await LingerAsync();
        machine.Schedule?.Note(stream.Value, $"is told that {Text(entries)} is durable");
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

        // Completes once it is no longer under way; null while nobody waits for that.
        public TaskCompletionSource? Over { get; set; }
    }
}
