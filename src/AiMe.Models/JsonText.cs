using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;

namespace AiMe.Models;

/// <summary>Makes other people's JSON storable: afterwards, every text in it is UTF-8 without NUL.</summary>
/// <remarks>
/// Bytes that are not UTF-8, escapes of lone surrogates (<c>\ud800</c>) and of NUL become U+FFFD, the replacement
/// character. Without this, reading such a text throws, and storing it fails.
/// </remarks>
public static class JsonText
{
    private const int EscapeLength = 6; // \uXXXX

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The same JSON, storable.</summary>
    public static ReadOnlyMemory<byte> Clean(ReadOnlyMemory<byte> json)
    {
        if (json.Span.StartsWith(ByteOrderMark))
            json = json[ByteOrderMark.Length..];
        if (!Utf8.IsValid(json.Span))
            json = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json.Span));
        return json.Span.IndexOf("\\u"u8) < 0 ? json : Repaired(json);
    }

    private static ReadOnlyMemory<byte> Repaired(ReadOnlyMemory<byte> json)
    {
        byte[]? copy = null;
        var text = json.Span;
        for (var i = 0; i < text.Length - 1; i++)
        {
            if (text[i] != '\\')
                continue;
            if (UnitAt(text, i) is not { } unit)
            {
                i++; // the escaped character, which may be a backslash
                continue;
            }

            if (char.IsHighSurrogate(unit) && UnitAt(text, i + EscapeLength) is { } next && char.IsLowSurrogate(next))
            {
                i += 2 * EscapeLength - 1;
                continue;
            }

            if (char.IsSurrogate(unit) || unit == 0)
                "fffd"u8.CopyTo((copy ??= json.ToArray()).AsSpan(i + 2));
            i += EscapeLength - 1;
        }

        return copy ?? json;
    }

    // The code unit that is escaped here, or null if this is no such escape.
    private static char? UnitAt(ReadOnlySpan<byte> text, int at) =>
        at + EscapeLength <= text.Length
        && text[at] == '\\'
        && text[at + 1] == 'u'
        && Utf8Parser.TryParse(text.Slice(at + 2, 4), out ushort unit, out var read, 'x')
        && read == 4
            ? (char)unit
            : null;
}
