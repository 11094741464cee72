using System.Runtime.InteropServices;
using AiMe.EventSourcing;

namespace AiMe.Simulation.Machine;

/// <summary>The durable data, which survives every process of the machine.</summary>
public sealed class SimulatedDisk
{
    private readonly Dictionary<string, List<JournalRow>> _streams = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<SavedSnapshot>> _snapshots = new(StringComparer.Ordinal);
    private long _ordering;

    /// <summary>Called with every row as it becomes durable.</summary>
    public Action<JournalRow> Written { get; set; } = _ => { };

    /// <summary>The streams, in ordinal order of their names.</summary>
    public IEnumerable<string> Streams => _streams.Keys.Order(StringComparer.Ordinal);

    /// <summary>A journal that reads the durable rows synchronously and without faults.</summary>
    public SimulatedJournal Reader() => new(new SimulatedMachine(default, SimulatedFaults.None, record: false) { Disk = this });

    /// <summary>A stream's durable rows, oldest first.</summary>
    public IReadOnlyList<JournalRow> Rows(PersistenceId stream) => _streams.TryGetValue(stream.Value, out var rows) ? rows : [];

    /// <summary>Makes all entries of an append durable.</summary>
    /// <exception cref="SecondWriterException">Their first sequence number is not the next one.</exception>
    public void Append(PersistenceId stream, WriterId writer, IReadOnlyList<JournalEntry> entries, long createdTicks)
    {
        if (!_streams.TryGetValue(stream.Value, out var rows))
            _streams[stream.Value] = rows = [];
        if (entries[0].SequenceNumber != rows.Count + 1)
            throw new SecondWriterException(
                $"{stream}: sequence number {entries[0].SequenceNumber} was offered, but the stream ends at {rows.Count}."
            );
        foreach (var entry in entries)
        {
            var row = new JournalRow(
                ++_ordering,
                stream,
                entry.SequenceNumber,
                entry.Manifest,
                entry.Message,
                entry.CreatedTicks ?? createdTicks,
                writer
            );
            rows.Add(row);
            Written(row);
        }
    }

    /// <summary>Makes a snapshot durable, and replaces one with the same sequence number.</summary>
    internal void Save(SavedSnapshot snapshot)
    {
        if (!_snapshots.TryGetValue(snapshot.Stream.Value, out var saved))
            _snapshots[snapshot.Stream.Value] = saved = [];
        saved.RemoveAll(s => s.SequenceNumber == snapshot.SequenceNumber);
        saved.Add(snapshot);
    }

    /// <summary>The newest snapshot of a stream at or below a sequence number, or null.</summary>
    public Snapshot? Newest(PersistenceId stream, long atMost)
    {
        SavedSnapshot? newest = null;
        foreach (var snapshot in CollectionsMarshal.AsSpan(_snapshots.GetValueOrDefault(stream.Value)))
        {
            if (snapshot.SequenceNumber <= atMost && !(snapshot.SequenceNumber <= newest?.SequenceNumber))
                newest = snapshot;
        }

        return newest?.Read();
    }

    /// <summary>Deletes the snapshots of a stream up to a sequence number.</summary>
    public void DeleteSnapshots(PersistenceId stream, long to)
    {
        if (_snapshots.TryGetValue(stream.Value, out var saved))
            saved.RemoveAll(s => s.SequenceNumber <= to);
    }
}

/// <summary>A snapshot on the disk. Most are replaced unread, so its bytes are written when they are read.</summary>
/// <param name="state">Writes the bytes; a state never changes.</param>
internal sealed class SavedSnapshot(
    PersistenceId stream,
    long sequenceNumber,
    string manifest,
    Func<ReadOnlyMemory<byte>> state,
    long createdTicks
)
{
    private Snapshot? _read;

    public PersistenceId Stream => stream;

    public long SequenceNumber => sequenceNumber;

    /// <summary>The snapshot, the same object each time.</summary>
    public Snapshot Read() => _read ??= new Snapshot(stream, sequenceNumber, manifest, state(), createdTicks);
}
