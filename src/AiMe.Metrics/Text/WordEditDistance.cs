namespace AiMe.Metrics.Text;

/// <summary>Normalised edit distance of two texts in words.</summary>
/// <remarks>
/// Levenshtein distance over words / words of the longer text. Words are those of <see cref="WordTokenizer"/>, so case, punctuation and
/// spaces do not count.
/// </remarks>
public static class WordEditDistance
{
    /// <summary>In [0, 1]: 0 if the words are the same in the same order, 1 if no word stays in its place.</summary>
    /// <returns>NaN if neither text has a word.</returns>
    public static double Of(string a, string b)
    {
        var (first, second) = (WordTokenizer.Of(a), WordTokenizer.Of(b));
        var longer = Math.Max(first.Count, second.Count);
        return longer == 0 ? double.NaN : (double)Edits(first, second) / longer;
    }

    private static int Edits(IReadOnlyList<string> a, IReadOnlyList<string> b)
    {
        int[] row = [.. Enumerable.Range(0, b.Count + 1)];
        for (var i = 1; i <= a.Count; i++)
        {
            (var diagonal, row[0]) = (row[0], i);
            for (var j = 1; j <= b.Count; j++)
            {
                var replaced = diagonal + (string.Equals(a[i - 1], b[j - 1], StringComparison.Ordinal) ? 0 : 1);
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, replaced));
            }
        }

        return row[^1];
    }
}
