namespace AiMe.Nano.Tokens;

/// <summary>
/// Cuts text into the pieces that merges never cross: a word with the space before it, one digit, a run of other signs,
/// one newline, blank space.
/// </summary>
/// <remarks>
/// The same language as <see cref="Pattern"/>, on bytes: everything beyond ASCII counts as a letter, so broken UTF-8 is
/// cut too. One digit a piece, because a small model cannot learn sums over numbers that are cut at random.
/// </remarks>
internal static class Pieces
{
    /// <summary>The rule as a regular expression, for tokenizer.json.</summary>
    public const string Pattern =
        @" ?[A-Za-z\x{80}-\x{10FFFF}]+(?:'[A-Za-z\x{80}-\x{10FFFF}]+)*| ?[0-9]| ?[^ \t\n\r\x0B\x0CA-Za-z0-9\x{80}-\x{10FFFF}]+|\n"
        + @"|[ \t\r\x0B\x0C]+(?![^ \t\n\r\x0B\x0C])|[ \t\r\x0B\x0C]";

    private enum Kind
    {
        Letter,
        Digit,
        Sign,
        Newline,
        Blank,
    }

    /// <summary>The length of the first piece of a non-empty text.</summary>
    public static int Next(ReadOnlySpan<byte> text)
    {
        var start = text[0] == ' ' && text.Length > 1 && KindOf(text[1]) < Kind.Newline ? 1 : 0;
        var end = start + 1;
        switch (KindOf(text[start]))
        {
            case Kind.Letter:
                while (Is(text, end, Kind.Letter) || (end < text.Length && text[end] == '\'' && Is(text, end + 1, Kind.Letter)))
                    end++;
                return end;
            case Kind.Sign:
                while (Is(text, end, Kind.Sign))
                    end++;
                return end;
            case Kind.Blank:
                while (Is(text, end, Kind.Blank))
                    end++;
                var beforeWord = end < text.Length && text[end] != '\n';
                return beforeWord && end > 1 ? end - 1 : end; // the last blank goes with what follows
            default:
                return end; // a digit or a newline
        }
    }

    private static bool Is(ReadOnlySpan<byte> text, int at, Kind kind) => at < text.Length && KindOf(text[at]) == kind;

    private static Kind KindOf(byte b) =>
        b switch
        {
            >= 0x80 or (>= (byte)'a' and <= (byte)'z') or (>= (byte)'A' and <= (byte)'Z') => Kind.Letter,
            >= (byte)'0' and <= (byte)'9' => Kind.Digit,
            (byte)'\n' => Kind.Newline,
            (byte)' ' or (byte)'\t' or (byte)'\r' or 0x0B or 0x0C => Kind.Blank,
            _ => Kind.Sign,
        };
}
