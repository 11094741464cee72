namespace AiMe.Metrics.Statistics;

/// <summary>The standard normal distribution.</summary>
internal static class Normal
{
    private const double SqrtTwoPi = 2.5066282746310002;
    private const double Far = 3; // beyond it the continued fraction of the tail converges fast, up to it the series does

    /// <summary>Probability of a value up to x.</summary>
    /// <returns>In [0, 1], to about 1e-15, the lower tail to about 1e-13 of itself. NaN gives NaN.</returns>
    /// <remarks>Source: Abramowitz and Stegun 26.2.11 (series) and 26.2.14 (continued fraction).</remarks>
    public static double Cdf(double x)
    {
        if (double.IsNaN(x))
            return double.NaN;
        if (x > Far)
            return 1 - Tail(x);
        return x < -Far ? Tail(-x) : 0.5 + Density(x) * Series(x);
    }

    /// <summary>exp(-x^2 / 2) / sqrt(2 pi).</summary>
    private static double Density(double x) => StrictMath.Exp(-x * x / 2) / SqrtTwoPi;

    // x + x^3 / 3 + x^5 / 15 + ...
    private static double Series(double x)
    {
        var (term, sum) = (x, x);
        for (var k = 3; Math.Abs(term) > 1e-17 * Math.Abs(sum); k += 2)
        {
            term *= x * x / k;
            sum += term;
        }

        return sum;
    }

    // 1 / (x + 1 / (x + 2 / (x + 3 / (x + ...)))), from the far end.
    private static double Tail(double x)
    {
        var below = x;
        for (var k = 100; k >= 1; k--)
            below = x + k / below;
        return Density(x) / below;
    }
}
