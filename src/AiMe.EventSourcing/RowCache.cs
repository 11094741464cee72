namespace AiMe.EventSourcing;

/// <summary>
/// Cache of decoded rows and snapshots, for a reader that reads the same bytes often. Not thread-safe.
/// </summary>
/// <remarks>
/// Bytes never change, and the decoded value depends on nothing else, so neither decoding nor the check of the links is
/// repeated. Folded states are not cached. The key is the place of the bytes in memory, so the store must keep its rows
/// there.
/// </remarks>
/// <param name="events">Events that were decoded from other stores; null for none.</param>
public sealed class RowCache(EventCache? events = null)
{
    private readonly Dictionary<ReadOnlyMemory<byte>, DecodedRow> _rows = [];
    private readonly Dictionary<Snapshot, StreamState?> _snapshots = [];

    /// <inheritdoc cref="DecodedRow.Of" />
    internal DecodedRow Of(JournalRow row, Link before, EventCodec catalogue)
    {
        if (
            _rows.TryGetValue(row.Message, out var known)
            && known.Before == before
            && known.SequenceNumber == row.SequenceNumber
            && known.Manifest == row.Manifest
        )
            return known;
        return _rows[row.Message] = DecodedRow.Of(row, before, catalogue, events);
    }

    /// <inheritdoc cref="StreamState.Of" />
    public StreamState? Of(Snapshot snapshot, FacultyDefinition faculty)
    {
        if (!_snapshots.TryGetValue(snapshot, out var known))
            _snapshots[snapshot] = known = StreamState.Of(snapshot, faculty);
        return known;
    }
}

/// <summary>Cache of decoded events by their bytes, for a reader of many similar stores. Not thread-safe.</summary>
/// <remarks>
/// An event is cached from the second time that its bytes are read. Most are read only once, and caching those would
/// cost more in garbage collection than it saves.
/// </remarks>
/// <param name="capacity">Half of the greatest number of cached events; those that are read again are kept.</param>
public sealed class EventCache(int capacity)
{
    // Hashes of the bytes that were read, by their lowest bits; a newer hash replaces an older one.
    private readonly int[] _seen = new int[1 << 16];
    private Dictionary<Encoded, Event> _young = new(capacity);
    private Dictionary<Encoded, Event> _old = new(capacity);

    internal Event Read(EventCodec catalogue, string manifest, ReadOnlyMemory<byte> data)
    {
        var encoded = new Encoded(manifest, data, HashOf(data.Span));
        if (_young.TryGetValue(encoded, out var known))
            return known;
        if (!_old.Remove(encoded, out known))
        {
            known = catalogue.Read(manifest, data.Span);
            ref var seen = ref _seen[encoded.Hash & (_seen.Length - 1)];
            if (seen != encoded.Hash)
            {
                seen = encoded.Hash;
                return known;
            }
        }

        if (_young.Count >= capacity)
        {
            (_old, _young) = (_young, _old);
            _young.Clear();
        }

        return _young[encoded] = known;
    }

    private static int HashOf(ReadOnlySpan<byte> data)
    {
        var hash = new HashCode();
        hash.AddBytes(data);
        return hash.ToHashCode();
    }

    private readonly record struct Encoded(string Manifest, ReadOnlyMemory<byte> Data, int Hash)
    {
        public bool Equals(Encoded other) => Hash == other.Hash && Manifest == other.Manifest && Data.Span.SequenceEqual(other.Data.Span);

        public override int GetHashCode() => Hash;
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
    public static DecodedRow Of(JournalRow row, Link before, EventCodec catalogue, EventCache? events = null)
    {
        var envelope = EventEnvelope.Read(row.Message);
        var link = before.Next(row.SequenceNumber, envelope.Index, row.Manifest, envelope.Data.Span);
        if (link != envelope.Link)
            throw new CorruptEventException(
                $"its link is {envelope.Link}, but its content and the link before it give {link}: this row or the one before it "
                    + "was altered"
            );
        var happened = events is null
            ? catalogue.Read(row.Manifest, envelope.Data.Span)
            : events.Read(catalogue, row.Manifest, envelope.Data);
        return new DecodedRow(before, row.SequenceNumber, row.Manifest, envelope.Index, link, happened);
    }
}
