namespace AiMe.EventSourcing;

/// <summary>
/// What rows and snapshots were read as. Their bytes never change, and what is read depends on nothing else, so that
/// one who reads the same bytes often need not decode them and check their links each time. Folding is not remembered.
/// For one thread.
/// </summary>
/// <remarks>
/// Bytes are the same where they are at the same place in memory: for a store that holds its rows there.
/// </remarks>
/// <param name="events">What was decoded in other stores; null where nothing was, or nobody remembers.</param>
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

/// <summary>
/// Decoded events by the bytes they were decoded from, for a reader of many similar stores. Events are immutable. Not
/// thread-safe.
/// </summary>
/// <remarks>
/// An event is kept from the second time that its bytes are seen: most are seen once, and keeping those would cost the
/// garbage collector more.
/// </remarks>
/// <param name="capacity">Half of the number of events that it holds at most; those that are read again stay.</param>
public sealed class EventCache(int capacity)
{
    // hashes of bytes that were read, by their lowest bits; a newer one replaces an older one
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

/// <summary>A row that was read and continues its chain.</summary>
/// <param name="Before">The link that it continues.</param>
/// <param name="SequenceNumber">As the row has it.</param>
/// <param name="Manifest">As the row has it.</param>
/// <param name="Index">Of its event in the life of the instance.</param>
/// <param name="Link">That it adds.</param>
/// <param name="Happened">Its event.</param>
internal sealed record DecodedRow(Link Before, long SequenceNumber, string Manifest, long Index, Link Link, Event Happened)
{
    /// <summary>Reads a row and checks its link.</summary>
    /// <exception cref="CorruptEventException">
    /// It cannot be read, or its link does not follow from the one before.
    /// </exception>
    public static DecodedRow Of(JournalRow row, Link before, EventCodec catalogue, EventCache? events = null)
    {
        var envelope = EventEnvelope.Read(row.Message);
        var link = before.Next(row.SequenceNumber, envelope.Index, row.Manifest, envelope.Data.Span);
        if (link != envelope.Link)
            throw new CorruptEventException(
                $"its link is {envelope.Link}, but its content and the link before it give {link}: the row or the one before was altered"
            );
        var happened = events is null
            ? catalogue.Read(row.Manifest, envelope.Data.Span)
            : events.Read(catalogue, row.Manifest, envelope.Data);
        return new DecodedRow(before, row.SequenceNumber, row.Manifest, envelope.Index, link, happened);
    }
}
