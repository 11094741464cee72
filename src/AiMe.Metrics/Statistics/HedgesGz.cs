using MathNet.Numerics;

namespace AiMe.Metrics.Statistics;

/// <summary>
/// Size of a paired difference in standard deviations of the differences, corrected for few pairs: Hedges' g_z.
/// </summary>
/// <remarks>
/// g_z = J(n - 1) mean(d) / sd(d) with J(m) = Gamma(m / 2) / (sqrt(m / 2) Gamma((m - 1) / 2)), which removes the upward
/// bias of few pairs. The interval inverts the noncentral t distribution of t = sqrt(n) mean(d) / sd(d): exact if
/// differences are normal. Its bounds are scaled by J too. It is in units of the scatter between pairs, so it is not
/// comparable with an unpaired d. Source: Hedges (1981) for J; Steiger and Fouladi (1997) for the interval;
/// Goulet-Pelletier and Cousineau (2018) for its correction.
/// </remarks>
public static class HedgesGz
{
    private const double Rounding = 1e-12; // differences that are equal but for rounding have no scatter

    /// <summary>g_z with its two-sided interval.</summary>
    /// <param name="differences">One per pair, see <see cref="PairedDifference.Differences"/>.</param>
    /// <param name="level">Coverage in (0, 1), for instance .95.</param>
    /// <returns>
    /// Any sign, unbounded. All NaN below three pairs, for which J is not defined; if all differences are equal; and if
    /// one is not finite.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">The level is outside (0, 1).</exception>
    public static Interval Interval(ReadOnlySpan<double> differences, double level)
    {
        if (!(level > 0 && level < 1))
            throw new ArgumentOutOfRangeException(nameof(level), level, "A confidence level lies between 0 and 1.");
        var n = differences.Length;
        var mean = Mean.Of(differences);
        double squares = 0,
            greatest = 0;
        foreach (var d in differences)
        {
            squares += (d - mean) * (d - mean);
            greatest = Math.Max(greatest, Math.Abs(d));
        }

        var sd = Math.Sqrt(squares / (n - 1));
        if (n < 3 || !double.IsFinite(sd) || sd <= Rounding * greatest)
            return new Interval(double.NaN, double.NaN, double.NaN, n);
        var t = Math.Sqrt(n) * mean / sd;
        var scale = Correction(n - 1) / Math.Sqrt(n);
        return new Interval(
            scale * t,
            scale * NoncentralT.Noncentrality(t, n - 1, 0.5 + level / 2),
            scale * NoncentralT.Noncentrality(t, n - 1, 0.5 - level / 2),
            n
        );
    }

    /// <summary>J(m), in (0, 1) for m of 2 or more.</summary>
    internal static double Correction(int degrees) =>
        StrictMath.Exp(
            SpecialFunctions.GammaLn(degrees / 2.0) - SpecialFunctions.GammaLn((degrees - 1) / 2.0) - StrictMath.Log(degrees / 2.0) / 2
        );
}
