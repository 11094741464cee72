using System.Globalization;
using Wcwidth;

namespace AiMe.Console.Repl.Line;

/// <summary>How many columns of a terminal a text takes.</summary>
internal static class Cells
{
    /// <summary>Columns of a text, cluster by cluster.</summary>
    public static int Of(string text)
    {
        var (cells, all) = (0, StringInfo.GetTextElementEnumerator(text));
        while (all.MoveNext())
            cells += OfCluster(all.GetTextElement());
        return cells;
    }

    /// <summary>Columns of what a reader takes for one character: 0, 1 or 2. Marks upon a letter take none of their own.</summary>
    public static int OfCluster(ReadOnlySpan<char> cluster)
    {
        var (cells, emoji) = (0, false);
        foreach (var rune in cluster.EnumerateRunes())
        {
            emoji |= rune.Value == 0xFE0F; // asks for the picture of what else is a sign
            cells = Math.Max(cells, UnicodeCalculator.GetWidth(rune.Value)); // -1 for control characters
        }

        return emoji && cells > 0 ? 2 : cells;
    }
}
