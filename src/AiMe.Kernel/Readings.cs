
namespace AiMe.Kernel;

/// <summary>
/// What rows and snapshots were read as. Their bytes never change, and what is read depends on nothing else, so that one who reads the same bytes often
/// need not decode them and check their links each time. Folding is not remembered. For one thread.
/// </summary>
/// <remarks>Bytes are the same where they are at the same place in memory: for a store that holds its rows there.</remarks>
public sealed class Readings
{
    private readonly Dictionary<ReadOnlyMemory<byte>, RowReading> _rows = [];
    private readonly Dictionary<Snapshot, StreamState?> _snapshots = [];

    /// <inheritdoc cref="RowReading.Of" />
    internal RowReading Of(JournalRow row, Link before, Catalogue catalogue)
    {
        if (_rows.TryGetValue(row.Message, out var known) && known.Before == before && known.SequenceNumber == row.SequenceNumber && known.Manifest == row.Manifest)
            return known;
        return _rows[row.Message] = RowReading.Of(row, before, catalogue);
    }

    /// <inheritdoc cref="StreamState.Of" />
    public StreamState? Of(Snapshot snapshot, Faculty faculty)
    {
        if (!_snapshots.TryGetValue(snapshot, out var known))
            _snapshots[snapshot] = known = StreamState.Of(snapshot, faculty);
        return known;
    }
}

/// <summary>A row that was read and continues its chain.</summary>
/// <param name="Before">The link that it continues.</param>
/// <param name="SequenceNumber">As the row has it.</param>
/// <param name="Manifest">As the row has it.</param>
/// <param name="Index">Of its event in the life of the instance.</param>
/// <param name="Link">That it adds.</param>
/// <param name="Happened">Its event.</param>
internal sealed record RowReading(Link Before, long SequenceNumber, string Manifest, long Index, Link Link, Event Happened)
{
    /// <summary>Reads a row and checks its link.</summary>
    /// <exception cref="CorruptEventException">It cannot be read, or its link does not follow from the one before.</exception>
    public static RowReading Of(JournalRow row, Link before, Catalogue catalogue)
    {
        var envelope = Envelope.Read(row.Message);
        var link = before.Next(row.SequenceNumber, envelope.Index, row.Manifest, envelope.Data.Span);
        if (link != envelope.Link)
            throw new CorruptEventException($"its link is {envelope.Link}, but its content and the link before it give {link}: the row or the one before was altered");
        return new RowReading(before, row.SequenceNumber, row.Manifest, envelope.Index, link, catalogue.Read(row.Manifest, envelope.Data.Span));
    }
}
