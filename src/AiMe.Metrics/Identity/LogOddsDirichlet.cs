using AiMe.Metrics.Text;

namespace AiMe.Metrics.Identity;

/// <summary>An n-gram that one body of text uses more or less than another.</summary>
/// <param name="Ngram">The words, with one space between them.</param>
/// <param name="Count">Occurrences in the target.</param>
/// <param name="ReferenceCount">Occurrences in the reference.</param>
/// <param name="LogOdds">Difference of the log-odds, nats; above 0 if the target uses it more.</param>
/// <param name="Z">
/// LogOdds in units of its standard deviation; beyond 1.96 either way is unusual for one n-gram alone.
/// </param>
public sealed record SignatureNgram(string Ngram, long Count, long ReferenceCount, double LogOdds, double Z);

/// <summary>
/// Signature n-grams, by log-odds ratio with an informative Dirichlet prior: emerging linguistic habits, with z-scores.
/// </summary>
/// <remarks>
/// With counts y, totals n, and a prior a of total A: d = ln((y1 + a) / (n1 + A - y1 - a)) - ln((y2 + a) / (n2 + A - y2
/// - a)), variance 1 / (y1 + a) + 1 / (y2 + a), z = d / sqrt(variance). Source: Monroe, Colaresi and Quinn (2008),
/// "Fightin' Words", equations 15, 20, 22. Many n-grams are compared at once: the result is a list to explore, not a
/// test.
/// </remarks>
public static class LogOddsDirichlet
{
    /// <summary>Every n-gram of either body, the most typical of the target first; ties in ordinal order.</summary>
    /// <param name="target">Counts of n-grams, for instance of generation g (see <see cref="Ngrams.Count"/>).</param>
    /// <param name="reference">Counts of generation 0, or of a sibling.</param>
    /// <param name="background">
    /// Counts of a larger corpus, the shape of the prior. One is added to each n-gram of the three, so that none has a
    /// prior of 0.
    /// </param>
    /// <param name="priorMass">
    /// A, the prior's weight in pseudo-counts, above 0; about the size of a sample is usual.
    /// </param>
    /// <returns>
    /// Empty when both are empty. An n-gram that is the only one of all three has log-odds and z of NaN.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">priorMass is not above 0, or a count is negative.</exception>
    public static IReadOnlyList<SignatureNgram> Compare(
        IReadOnlyDictionary<string, long> target,
        IReadOnlyDictionary<string, long> reference,
        IReadOnlyDictionary<string, long> background,
        double priorMass
    )
    {
        if (!(priorMass > 0))
            throw new ArgumentOutOfRangeException(nameof(priorMass), priorMass, "The prior's weight is above 0.");
        var total = Total(target);
        var referenceTotal = Total(reference);
        var vocabulary = target.Keys.Union(reference.Keys, StringComparer.Ordinal).ToArray();
        var allWords = vocabulary.Union(background.Keys, StringComparer.Ordinal).Count();
        var scale = priorMass / (Total(background) + allWords);

        return [.. vocabulary.Select(Score).OrderByDescending(s => s.Z).ThenBy(s => s.Ngram, StringComparer.Ordinal)];

        SignatureNgram Score(string ngram)
        {
            var y = target.GetValueOrDefault(ngram);
            var r = reference.GetValueOrDefault(ngram);
            if (allWords == 1)
                return new SignatureNgram(ngram, y, r, double.NaN, double.NaN); // odds against nothing
            var prior = scale * (background.GetValueOrDefault(ngram) + 1);
            var logOdds = LogOdds(y, total) - LogOdds(r, referenceTotal);
            return new SignatureNgram(ngram, y, r, logOdds, logOdds / Math.Sqrt(1 / (y + prior) + 1 / (r + prior)));

            double LogOdds(long count, long all) => StrictMath.Log(count + prior) - StrictMath.Log(all - count + (priorMass - prior));
        }
    }

    private static long Total(IReadOnlyDictionary<string, long> counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        long total = 0;
        foreach (var count in counts.Values) // integers: the order does not matter
        {
            ArgumentOutOfRangeException.ThrowIfNegative(count);
            total += count;
        }

        return total;
    }
}
