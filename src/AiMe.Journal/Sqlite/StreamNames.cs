using System.Text;

namespace AiMe.Journal.Sqlite;

/// <summary>
/// Texts that come again and again in rows (streams, manifests, writers), made once instead of once a row.
/// </summary>
/// <remarks>A bounded cache: what falls on the place of another text takes it. Used by one thread at a time.</remarks>
internal sealed class StreamNames
{
    private const int Places = 1024; // a power of two

    private readonly (byte[] Utf8, string Text)?[] _known = new (byte[], string)?[Places];

    /// <summary>The text of these bytes.</summary>
    public string Of(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
            return "";
        var hash = new HashCode();
        hash.AddBytes(utf8);
        ref var place = ref _known[hash.ToHashCode() & (Places - 1)];
        if (place is not { } known || !utf8.SequenceEqual(known.Utf8))
            place = known = (utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        return known.Text;
    }
}
