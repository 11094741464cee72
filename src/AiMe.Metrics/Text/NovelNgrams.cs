namespace AiMe.Metrics.Text;

/// <summary>
/// Share of a text's n-grams that a corpus does not hold: 1 - shared n-grams / n-grams, repeats counted each time.
/// </summary>
/// <remarks>
/// Noise scores as novel: read it together with held-out cross-entropy. Source: docs/SCIENCE.md, "novelty".
/// </remarks>
public static class NovelNgrams
{
    /// <summary>The share of the text's n-grams that are not in the index; n is the index's.</summary>
    /// <returns>In [0, 1]; 1 against an empty index. NaN for a text of fewer than n words.</returns>
    public static double Rate(string text, NgramIndex index)
    {
        ArgumentNullException.ThrowIfNull(index);
        var grams = Ngrams.Of(WordTokenizer.Of(text), index.N);
        if (grams.Count == 0)
            return double.NaN;
        return (double)grams.Count(gram => !index.Contains(gram)) / grams.Count;
    }
}
