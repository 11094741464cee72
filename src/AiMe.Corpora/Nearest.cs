namespace AiMe.Corpora;

/// <summary>The nearest valid spelling of a misspelt name.</summary>
public static class Nearest
{
    /// <summary>A hint to the nearest name.</summary>
    /// <returns>
    /// A clause such as <c>; did you mean 'tea'?</c>, or an empty text if no name is near. Ties: the first in order.
    /// </returns>
    public static string Hint(string name, IEnumerable<string> known)
    {
        string? best = known.MinBy(k => Distance(name, k));
        return best is not null && Distance(name, best) <= Math.Max(2, name.Length / 3) ? $"; did you mean '{best}'?" : "";
    }

    /// <summary>Levenshtein distance: insertions, deletions and replacements, each of cost 1.</summary>
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
        }

        return row[^1];
    }
}
