using System.Buffers.Binary;

namespace AiMe.EventSourcing;

/// <summary>
/// Cache of decoded rows, events and snapshots by their bytes, for a reader of many similar stores. Not thread-safe.
/// </summary>
/// <remarks>
/// Nothing is taken on trust: the bytes are compared, and the decoded value depends on nothing else. A value is cached
/// from the second time that its bytes are read. Most are read only once, and caching those would cost more in garbage
/// collection than it saves.
/// </remarks>
/// <param name="capacity">Half of the greatest number of cached events; those that are read again are kept.</param>
public sealed class SharedCache(int capacity)
{
    private readonly ContentTable<DecodedRow> _rows = new(bits: 15);
    private readonly ContentTable<SnapshotReading> _snapshots = new(bits: 13);

    // Hashes of the bytes that were read, by their lowest bits; a newer hash replaces an older one.
    private readonly int[] _seen = new int[1 << 16];
    private Dictionary<Encoded, Event> _young = new(capacity);
    private Dictionary<Encoded, Event> _old = new(capacity);

    /// <inheritdoc cref="DecodedRow.Of" />
    internal DecodedRow Read(JournalRow row, Link before, EventCodec catalogue)
    {
        // An intact row ends with its link, so the digits near its end tell it from any other.
        var place = PlaceOf(row.Message.Span, row.Message.Length - 2);
        if (_rows.Find(place, row.Message.Span) is { } known && known.IsOf(row, before))
            return known;
        var read = DecodedRow.Of(row, before, catalogue, this);
        _rows.Add(place, row.Message, read);
        return read;
    }

    /// <inheritdoc cref="StreamState.Of" />
    internal StreamState? Read(Snapshot snapshot, FacultyDefinition faculty)
    {
        // The head of an intact snapshot ends with the digest of its content.
        var place = PlaceOf(snapshot.State.Span, snapshot.State.Span.IndexOf((byte)'\n'));
        if (
            _snapshots.Find(place, snapshot.State.Span) is { } known
            && ReferenceEquals(known.Faculty, faculty)
            && known.State.SequenceNumber == snapshot.SequenceNumber
        )
            return known.State;
        if (StreamState.Of(snapshot, faculty) is not { } read)
            return null;
        _snapshots.Add(place, snapshot.State, new SnapshotReading(faculty, read));
        return read;
    }

    /// <inheritdoc cref="EventCodec.Read" />
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

    // A hash of the eight bytes before a position, spread over all bits.
    private static ulong PlaceOf(ReadOnlySpan<byte> bytes, int end) =>
        end < 8 ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(bytes[(end - 8)..]) * 0x9E3779B97F4A7C15;

    private static int HashOf(ReadOnlySpan<byte> data)
    {
        var hash = new HashCode();
        hash.AddBytes(data);
        return hash.ToHashCode();
    }

    private sealed record SnapshotReading(FacultyDefinition Faculty, StreamState State);

    private readonly record struct Encoded(string Manifest, ReadOnlyMemory<byte> Data, int Hash)
    {
        public bool Equals(Encoded other) => Hash == other.Hash && Manifest == other.Manifest && Data.Span.SequenceEqual(other.Data.Span);

        public override int GetHashCode() => Hash;
    }

    // Values by their bytes: one for each place. A value is kept from the second time that its place is used.
    private sealed class ContentTable<T>(int bits)
        where T : class
    {
        private readonly ulong[] _seen = new ulong[1 << bits];
        private readonly (ReadOnlyMemory<byte> Content, T? Value)[] _known = new (ReadOnlyMemory<byte>, T?)[1 << bits];

        public T? Find(ulong place, ReadOnlySpan<byte> content)
        {
            ref readonly var slot = ref _known[place >> (64 - bits)];
            return slot.Value is { } value && slot.Content.Span.SequenceEqual(content) ? value : null;
        }

        public void Add(ulong place, ReadOnlyMemory<byte> content, T value)
        {
            ref var seen = ref _seen[place >> (64 - bits)];
            if (seen == place)
                _known[place >> (64 - bits)] = (content, value);
            else
                seen = place;
        }
    }
}
