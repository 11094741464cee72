namespace AiMe.Metrics.Statistics;

/// <summary>
/// Paired sign-flip permutation test: how often would random signs give a sum of differences at least as large?
/// </summary>
/// <remarks>
/// Two-sided; assumes that the differences are symmetric around 0 under the null, and nothing else. Exact up to 20
/// pairs by counting all 2^n signs; beyond by 99,999 seeded draws, p = (1 + as large) / 100,000, which never
/// understates p. Source: Fisher (1935), "The Design of Experiments", section 21; Phipson and Smyth (2010) for the
/// drawn p.
/// </remarks>
public static class SignFlip
{
    /// <summary>The greatest number of pairs whose signs are all counted.</summary>
    public const int ExactUpTo = 20;

    private const int Draws = 99_999;

    /// <summary>The two-sided p-value of a mean difference of 0.</summary>
    /// <param name="differences">One per pair, see <see cref="PairedDifference.Differences"/>.</param>
    /// <param name="seed">Used beyond <see cref="ExactUpTo"/> pairs only.</param>
    /// <returns>In (0, 1]; 1 when all are 0. NaN for none, or when one is not finite.</returns>
    public static double PValue(ReadOnlySpan<double> differences, ulong seed)
    {
        double sum = 0,
            sizes = 0;
        foreach (var d in differences)
        {
            sum += d;
            sizes += Math.Abs(d);
        }

        if (differences.IsEmpty || !double.IsFinite(sizes))
            return double.NaN;
        var goal = Math.Abs(sum) - 1e-12 * sizes; // sums that are equal but for rounding count as equal
        return differences.Length <= ExactUpTo
            ? CountFrom(differences, 0, goal) / (double)(1L << differences.Length)
            : (1.0 + CountDrawn(differences, goal, seed)) / (Draws + 1);
    }

    /// <summary>
    /// The smallest p that this many pairs can give: 2 / 2^n, all signs alike; 1 / 100,000 if signs are drawn.
    /// </summary>
    /// <returns>
    /// In (0, 1]; NaN for no pairs. If it is above the corrected threshold, print "cannot reach significance".
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">pairs is negative.</exception>
    public static double SmallestPossibleP(int pairs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(pairs);
        if (pairs == 0)
            return double.NaN;
        return pairs <= ExactUpTo ? 2.0 / (1L << pairs) : 1.0 / (Draws + 1);
    }

    /// <summary>
    /// Counts the signs of the remaining differences that reach the goal, in either direction, from a partial sum.
    /// </summary>
    private static long CountFrom(ReadOnlySpan<double> left, double sum, double goal) =>
        left.IsEmpty
            ? Math.Abs(sum) >= goal
                ? 1
                : 0
            : CountFrom(left[1..], sum + left[0], goal) + CountFrom(left[1..], sum - left[0], goal);

    private static int CountDrawn(ReadOnlySpan<double> differences, double goal, ulong seed)
    {
        var count = 0;
        var state = seed;
        for (var draw = 0; draw < Draws; draw++)
        {
            var sum = 0.0;
            var bits = 0UL;
            for (var i = 0; i < differences.Length; i++)
            {
                if (i % 64 == 0)
                    bits = NextSplitMix(ref state);
                sum += (bits >> (i % 64) & 1) == 0 ? differences[i] : -differences[i];
            }

            if (Math.Abs(sum) >= goal)
                count++;
        }

        return count;
    }

    /// <summary>SplitMix64 (Steele, Lea and Flood, 2014).</summary>
    private static ulong NextSplitMix(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
