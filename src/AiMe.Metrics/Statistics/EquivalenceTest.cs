namespace AiMe.Metrics.Statistics;

/// <summary>Two one-sided tests (TOST): is the mean paired difference within bounds that were declared beforehand?</summary>
/// <remarks>
/// The null is that the mean is at or outside a bound, so that "no difference" needs evidence and does not follow from
/// few replicates. Assumes normal differences. Source: Schuirmann (1987), "A comparison of the two one-sided tests
/// procedure and the power approach".
/// </remarks>
public static class EquivalenceTest
{
    private const double Rounding = 1e-12; // differences that are equal but for rounding have no scatter

    /// <summary>Tests whether the mean difference lies strictly between two bounds.</summary>
    /// <param name="differences">One per pair, see <see cref="PairedDifference.Differences"/>.</param>
    /// <param name="low">Lower bound in the unit of the differences, usually -d.</param>
    /// <param name="high">Upper bound, above low, usually +d.</param>
    /// <param name="alpha">In (0, .5), for instance .05; the interval has the level 1 - 2 alpha.</param>
    /// <returns>
    /// P is NaN below two pairs, or when a difference is not finite. If all differences are equal, P is 0 between the
    /// bounds and 1 otherwise, also at a bound.
    /// </returns>
    /// <exception cref="ArgumentException">The bounds are not finite and in order.</exception>
    /// <exception cref="ArgumentOutOfRangeException">alpha is outside (0, .5).</exception>
    public static EquivalenceResult Test(ReadOnlySpan<double> differences, double low, double high, double alpha)
    {
        if (!(double.IsFinite(low) && double.IsFinite(high) && low < high))
            throw new ArgumentException($"Bounds of equivalence {low} and {high}: expected finite numbers, the lower one first.");
        if (!(alpha > 0 && alpha < 0.5))
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "alpha of an equivalence test lies between 0 and .5.");
        var interval = StudentT.Interval(differences, 1 - 2 * alpha);
        var sd = StandardDeviation.Of(differences);
        if (!double.IsFinite(sd))
            return new EquivalenceResult(interval, double.NaN, double.NaN, alpha);
        var greatest = Math.Max(Math.Abs(low), Math.Abs(high));
        foreach (var d in differences)
            greatest = Math.Max(greatest, Math.Abs(d));
        return new EquivalenceResult(interval, PBeyond(interval.Mean - low), PBeyond(high - interval.Mean), alpha);

        // The one-sided p of a mean that lies so far on the inner side of a bound.
        double PBeyond(double inside)
        {
            if (sd <= Rounding * greatest)
                return inside > Rounding * greatest ? 0 : 1;
            var n = interval.N;
            return MathNet.Numerics.Distributions.StudentT.CDF(0, 1, n - 1, -inside * Math.Sqrt(n) / sd);
        }
    }
}
