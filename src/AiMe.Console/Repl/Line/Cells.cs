using System.Globalization;
using System.Text;

namespace AiMe.Console.Repl.Line;

/// <summary>Measures the width of text in terminal columns.</summary>
internal static class Cells
{
    // First and last code points of ranges that are two columns wide: East Asian wide and full-width forms, and emoji.
    private static readonly int[] Wide =
    [
        0x1100,
        0x115F,
        0x231A,
        0x231B,
        0x2329,
        0x232A,
        0x23E9,
        0x23EC,
        0x23F0,
        0x23F0,
        0x23F3,
        0x23F3,
        0x25FD,
        0x25FE,
        0x2614,
        0x2615,
        0x2648,
        0x2653,
        0x267F,
        0x267F,
        0x2693,
        0x2693,
        0x26A1,
        0x26A1,
        0x26AA,
        0x26AB,
        0x26BD,
        0x26BE,
        0x26C4,
        0x26C5,
        0x26CE,
        0x26CE,
        0x26D4,
        0x26D4,
        0x26EA,
        0x26EA,
        0x26F2,
        0x26F3,
        0x26F5,
        0x26F5,
        0x26FA,
        0x26FA,
        0x26FD,
        0x26FD,
        0x2705,
        0x2705,
        0x270A,
        0x270B,
        0x2728,
        0x2728,
        0x274C,
        0x274C,
        0x274E,
        0x274E,
        0x2753,
        0x2755,
        0x2757,
        0x2757,
        0x2795,
        0x2797,
        0x27B0,
        0x27B0,
        0x27BF,
        0x27BF,
        0x2B1B,
        0x2B1C,
        0x2B50,
        0x2B50,
        0x2B55,
        0x2B55,
        0x2E80,
        0x303E,
        0x3041,
        0xA4CF,
        0xA960,
        0xA97F,
        0xAC00,
        0xD7A3,
        0xF900,
        0xFAFF,
        0xFE10,
        0xFE19,
        0xFE30,
        0xFE6F,
        0xFF00,
        0xFF60,
        0xFFE0,
        0xFFE6,
        0x16FE0,
        0x1B2FF,
        0x1F004,
        0x1F004,
        0x1F0CF,
        0x1F0CF,
        0x1F18E,
        0x1F18E,
        0x1F191,
        0x1F19A,
        0x1F200,
        0x1F64F,
        0x1F680,
        0x1F6FF,
        0x1F7E0,
        0x1F7EB,
        0x1F900,
        0x1F9FF,
        0x1FA70,
        0x1FAFF,
        0x20000,
        0x3FFFD,
    ];

    /// <summary>Width of a text, cluster by cluster.</summary>
    public static int Of(string text)
    {
        var (cells, all) = (0, StringInfo.GetTextElementEnumerator(text));
        while (all.MoveNext())
            cells += OfCluster(all.GetTextElement());
        return cells;
    }

    /// <summary>Width of a grapheme cluster: 0, 1 or 2. Combining marks have no width.</summary>
    public static int OfCluster(ReadOnlySpan<char> cluster)
    {
        var (cells, emoji) = (0, false);
        foreach (var rune in cluster.EnumerateRunes())
        {
            emoji |= rune.Value == 0xFE0F; // selects the emoji presentation
            cells = Math.Max(cells, OfRune(rune));
        }

        return emoji && cells > 0 ? 2 : cells;
    }

    private static int OfRune(Rune rune)
    {
        if (
            Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.EnclosingMark
                or UnicodeCategory.Format
                or UnicodeCategory.Control
        )
            return 0;
        for (var i = 0; i < Wide.Length && rune.Value >= Wide[i]; i += 2)
        {
            if (rune.Value <= Wide[i + 1])
                return 2;
        }

        return 1;
    }
}
