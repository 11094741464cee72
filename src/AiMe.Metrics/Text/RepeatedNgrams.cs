namespace AiMe.Metrics.Text;

/// <summary>Degeneration into loops: the share of a text's n-grams that have occurred in it before.</summary>
/// <remarks>
/// Source: "rep-n" of Welleck et al. (2020), "Neural Text Generation with Unlikelihood Training", section 6.
/// </remarks>
public static class RepeatedNgrams
{
    /// <summary>1 - distinct n-grams / n-grams.</summary>
    /// <returns>In [0, 1): 0 when none repeats. NaN for a text of fewer than n words.</returns>
    public static double Rate(string text, int n = 4)
    {
        var grams = Ngrams.Of(WordTokenizer.Of(text), n);
        if (grams.Count == 0)
            return double.NaN;
        return (double)(grams.Count - grams.Distinct(StringComparer.Ordinal).Count()) / grams.Count;
    }
}
