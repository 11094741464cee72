using System.Text;

namespace AiMe.Journal.Sqlite;

/// <summary>Cache of texts that recur in rows: streams, manifests, writers. Used by one thread at a time.</summary>
/// <remarks>The cache is bounded: a text replaces another one in the same slot.</remarks>
internal sealed class StreamNames
{
    private const int Slots = 1024; // a power of two

    private readonly (byte[] Utf8, string Text)?[] _slots = new (byte[], string)?[Slots];

    /// <summary>The text of UTF-8 bytes.</summary>
    public string Of(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
            return "";
        var hash = new HashCode();
        hash.AddBytes(utf8);
        ref var slot = ref _slots[hash.ToHashCode() & (Slots - 1)];
        if (slot is not { } cached || !utf8.SequenceEqual(cached.Utf8))
            slot = cached = (utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        return cached.Text;
    }
}
