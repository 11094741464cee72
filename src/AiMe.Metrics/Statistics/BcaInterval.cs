using MathNet.Numerics.Distributions;

namespace AiMe.Metrics.Statistics;

/// <summary>The confidence interval of a mean by the bias-corrected and accelerated bootstrap.</summary>
/// <remarks>
/// 9,999 seeded resamples; the acceleration is the jackknife's. Source: Efron (1987), "Better bootstrap confidence
/// intervals"; Efron and Tibshirani (1993), chapter 14. With few replicates it covers less than it says: in simulations
/// of a nominal .95 it covered .85 to .89 at n = 8. So it is refused below <see cref="LeastReplicates"/>, from where it
/// covers at least .92 of normal (.94), Laplace (.92) and exponential differences (.93); the bench `statistics` measures
/// that, and docs/SCIENCE.md has the table.
/// </remarks>
public static class BcaInterval
{
    /// <summary>The fewest replicates for which the interval is given.</summary>
    public const int LeastReplicates = 45;

    private const int Draws = 9_999;

    /// <summary>Mean of independent replicates with its two-sided interval.</summary>
    /// <param name="values">One per replicate; the unit is the run, never the text.</param>
    /// <param name="level">Coverage in (0, 1), for instance .95.</param>
    /// <param name="seed">Of the resamples: the same seed and values give the same bits.</param>
    /// <returns>
    /// Bounds are NaN below <see cref="LeastReplicates"/>; everything is NaN when a value is. Equal values give an
    /// interval of no width.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">The level is outside (0, 1).</exception>
    public static Interval Interval(ReadOnlySpan<double> values, double level, ulong seed)
    {
        Level.Check(level, nameof(level));
        return values.Length < LeastReplicates
            ? new Interval(Mean.Of(values), double.NaN, double.NaN, values.Length)
            : OfAny(values, level, seed, Draws);
    }

    /// <summary>The same for any number of values and resamples, for simulations of its coverage.</summary>
    internal static Interval OfAny(ReadOnlySpan<double> values, double level, ulong seed, int draws)
    {
        var n = values.Length;
        var mean = Mean.Of(values);
        if (n < 2 || !double.IsFinite(mean))
            return new Interval(mean, double.NaN, double.NaN, n);
        double squares = 0,
            cubes = 0,
            greatest = 0;
        foreach (var value in values)
        {
            var d = value - mean;
            squares += d * d;
            cubes += d * d * d;
            greatest = Math.Max(greatest, Math.Abs(value));
        }

        var root = Math.Sqrt(squares);
        if (root <= 1e-12 * greatest) // values that are equal but for rounding have no scatter
            return new Interval(mean, mean, mean, n);
        var means = Resample(values, seed, draws);
        var bias = Normal.InvCDF(0, 1, ShareBelow(means, mean, 1e-12 * root));
        // A mean without value i differs from the mean of these by (mean - value) / (n - 1), so the jackknife needs no loop.
        var acceleration = cubes / (6 * squares * root);
        return new Interval(mean, Bound(0.5 - level / 2), Bound(0.5 + level / 2), n);

        double Bound(double p)
        {
            var z = bias + Normal.InvCDF(0, 1, p);
            var scale = 1 - acceleration * z; // not above 0 for extreme levels alone, which then stay uncorrected
            return Quantile(means, scale > 0 ? Normal.CDF(0, 1, bias + z / scale) : p);
        }
    }

    private static double[] Resample(ReadOnlySpan<double> values, ulong seed, int draws)
    {
        var random = new SplitMix(seed);
        var means = new double[draws];
        for (var draw = 0; draw < draws; draw++)
        {
            var sum = 0.0;
            for (var i = 0; i < values.Length; i++)
                sum += values[random.Below(values.Length)];
            means[draw] = sum / values.Length;
        }

        Array.Sort(means);
        return means;
    }

    // Ties count half, as in a mid-rank; the share is kept off 0 and 1, where its quantile is infinite.
    private static double ShareBelow(double[] sorted, double mean, double rounding)
    {
        var halves = 0;
        foreach (var m in sorted)
            halves +=
                m < mean - rounding ? 2
                : m <= mean + rounding ? 1
                : 0;
        return Math.Clamp(halves / (2.0 * sorted.Length), 0.5 / sorted.Length, 1 - 0.5 / sorted.Length);
    }

    // The (draws + 1) p-th smallest, linear between neighbours (type 6 of Hyndman and Fan 1996).
    private static double Quantile(double[] sorted, double p)
    {
        var at = Math.Clamp((sorted.Length + 1) * p - 1, 0, sorted.Length - 1);
        var below = (int)at;
        return below + 1 < sorted.Length ? sorted[below] + (at - below) * (sorted[below + 1] - sorted[below]) : sorted[below];
    }
}
