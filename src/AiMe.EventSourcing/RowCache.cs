namespace AiMe.EventSourcing;

/// <summary>
/// Cache of decoded rows and snapshots, for a reader that reads the same bytes often. Not thread-safe.
/// </summary>
/// <remarks>
/// Bytes never change, and the decoded value depends on nothing else, so neither decoding nor the check of the links is
/// repeated. Folded states are not cached. The key is the place of the bytes in memory, so the store must keep its rows
/// there.
/// </remarks>
/// <param name="shared">What was read from other stores; null for none.</param>
public sealed class RowCache(SharedCache? shared = null)
{
    private readonly Dictionary<ReadOnlyMemory<byte>, DecodedRow> _rows = [];
    private readonly Dictionary<Snapshot, StreamState?> _snapshots = new(ReferenceEqualityComparer.Instance);

    /// <inheritdoc cref="DecodedRow.Of" />
    internal DecodedRow Of(JournalRow row, Link before, EventCodec catalogue)
    {
        if (_rows.TryGetValue(row.Message, out var known) && known.IsOf(row, before))
            return known;
        return _rows[row.Message] = shared is null ? DecodedRow.Of(row, before, catalogue) : shared.Read(row, before, catalogue);
    }

    /// <inheritdoc cref="StreamState.Of" />
    public StreamState? Of(Snapshot snapshot, FacultyDefinition faculty)
    {
        if (!_snapshots.TryGetValue(snapshot, out var known))
            _snapshots[snapshot] = known = shared is null ? StreamState.Of(snapshot, faculty) : shared.Read(snapshot, faculty);
        return known;
    }
}

/// <summary>A decoded row whose link has been verified.</summary>
/// <param name="Before">The link before it.</param>
/// <param name="SequenceNumber">The row's sequence number.</param>
/// <param name="Manifest">The row's manifest.</param>
/// <param name="Index">1-based position in the instance's events.</param>
/// <param name="Link">The link that the row adds.</param>
/// <param name="Happened">The decoded event.</param>
internal sealed record DecodedRow(Link Before, long SequenceNumber, string Manifest, long Index, Link Link, Event Happened)
{
    /// <summary>Decodes a row and verifies its link.</summary>
    /// <exception cref="CorruptEventException">
    /// The row cannot be read, or its link does not follow from the one before.
    /// </exception>
    public static DecodedRow Of(JournalRow row, Link before, EventCodec catalogue, SharedCache? shared = null)
    {
        var envelope = EventEnvelope.Read(row.Message);
        var link = before.Next(row.SequenceNumber, envelope.Index, row.Manifest, envelope.Data.Span);
        if (link != envelope.Link)
            throw new CorruptEventException(
                $"its link is {envelope.Link}, but its content and the link before it give {link}: this row or the one before it "
                    + "was altered"
            );
        var happened = shared is null
            ? catalogue.Read(row.Manifest, envelope.Data.Span)
            : shared.Read(catalogue, row.Manifest, envelope.Data);
        return new DecodedRow(before, row.SequenceNumber, row.Manifest, envelope.Index, link, happened);
    }

    /// <summary>Whether a row with the same message decodes to this.</summary>
    public bool IsOf(JournalRow row, Link before) => Before == before && SequenceNumber == row.SequenceNumber && Manifest == row.Manifest;
}
