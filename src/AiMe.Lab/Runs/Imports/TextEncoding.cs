using System.Text;

namespace AiMe.Lab.Runs.Imports;

/// <summary>Decodes the bytes of a text file: UTF-8, or UTF-16 and UTF-32 with their byte order marks.</summary>
internal static class TextEncoding
{
    /// <summary>The text without its byte order mark, or why the bytes are no text.</summary>
    public static (string? Text, string? Problem) Decode(ReadOnlySpan<byte> bytes)
    {
        var (encoding, mark) = bytes switch
        {
            [0xEF, 0xBB, 0xBF, ..] => (Strict(65001), 3),
            [0xFF, 0xFE, 0, 0, ..] => (Strict(12000), 4),
            [0, 0, 0xFE, 0xFF, ..] => (Strict(12001), 4),
            [0xFF, 0xFE, ..] => (Strict(1200), 2),
            [0xFE, 0xFF, ..] => (Strict(1201), 2),
            _ => (Strict(65001), 0),
        };
        try
        {
            if (mark == 0 && bytes.Contains((byte)0))
                return (
                    null,
                    IsAlternating(bytes)
                        ? "this looks like UTF-16 without a byte order mark, expected UTF-8; save it as UTF-8"
                        : "this looks like binary data, expected text in UTF-8"
                );
            return (encoding.GetString(bytes[mark..]), null);
        }
        catch (DecoderFallbackException e)
        {
            return (
                null,
                $"the file is not {encoding.WebName.ToUpperInvariant()} text: byte {mark + e.Index} cannot be decoded; save it as UTF-8"
            );
        }
    }

    private static bool IsAlternating(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 4 || bytes.Length % 2 != 0)
            return false;
        int even = 0,
            odd = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == 0 && i % 2 == 0)
                even++;
            else if (bytes[i] == 0)
                odd++;
        }

        return Math.Max(even, odd) > bytes.Length / 4 && Math.Min(even, odd) <= bytes.Length / 16;
    }

    private static Encoding Strict(int codePage) =>
        Encoding.GetEncoding(codePage, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
}
