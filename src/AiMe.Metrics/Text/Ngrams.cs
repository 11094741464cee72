namespace AiMe.Metrics.Text;

/// <summary>
/// Runs of n neighbouring words, written with one space between them. Words hold no spaces, so no two runs share a
/// name.
/// </summary>
public static class Ngrams
{
    /// <summary>The n-grams of a list of words, in order, repeats included: max(0, words - n + 1) of them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">n is below 1.</exception>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> words, int n)
    {
        ArgumentNullException.ThrowIfNull(words);
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        var grams = new List<string>(Math.Max(0, words.Count - n + 1));
        for (var i = 0; i + n <= words.Count; i++)
            grams.Add(string.Join(' ', words.Skip(i).Take(n)));
        return grams;
    }

    /// <summary>How often each n-gram occurs in texts. No n-gram spans two texts.</summary>
    public static IReadOnlyDictionary<string, long> Count(IEnumerable<string> texts, int n)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            foreach (var gram in Of(WordTokenizer.Of(text), n))
                counts[gram] = counts.GetValueOrDefault(gram) + 1;
        }

        return counts;
    }
}
