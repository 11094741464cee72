namespace AiMe.Metrics.Text;

/// <summary>Diversity of wording: distinct n-grams / n-grams, over a fixed number of words.</summary>
/// <remarks>
/// The ratio falls with the length of the sample, so compare figures only at one budget, and state it. Source: Li et
/// al. (2016), "A Diversity-Promoting Objective Function for Neural Conversation Models", section 5.
/// </remarks>
public static class DistinctN
{
    /// <summary>Distinct-n of the first <paramref name="budget"/> words of the texts, taken in order.</summary>
    /// <param name="texts">The texts in a meaningful order; the one in which the budget ends is cut there.</param>
    /// <param name="n">Words per n-gram, at least 1. No n-gram spans two texts.</param>
    /// <param name="budget">Words examined, at least 1.</param>
    /// <returns>In (0, 1]. NaN if the texts have fewer words than the budget, or no n-gram within it.</returns>
    public static double Of(IEnumerable<string> texts, int n, int budget)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentOutOfRangeException.ThrowIfLessThan(budget, 1);
        var distinct = new HashSet<string>(StringComparer.Ordinal);
        var total = 0;
        var left = budget;
        foreach (var text in texts)
        {
            var words = WordTokenizer.Of(text);
            var grams = Ngrams.Of(words.Count <= left ? words : [.. words.Take(left)], n);
            distinct.UnionWith(grams);
            total += grams.Count;
            left -= Math.Min(left, words.Count);
            if (left == 0)
                break;
        }

        return left > 0 || total == 0 ? double.NaN : (double)distinct.Count / total;
    }
}
