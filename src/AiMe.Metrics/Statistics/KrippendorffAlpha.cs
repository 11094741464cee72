namespace AiMe.Metrics.Statistics;

/// <summary>
/// Krippendorff's alpha, 1 - observed / expected disagreement: agreement of any number of raters, with missing ratings.
/// </summary>
/// <remarks>
/// A unit counts if it has two or more ratings; each of its ordered pairs weighs 1 / (ratings - 1). The interval is the percentile
/// bootstrap over units, 2,000 seeded resamples; resamples without variation, of which alpha is undefined, are left out. Sources:
/// Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", for alpha; Zapf, Castell, Morawietz and Karch (2016), BMC
/// Medical Research Methodology 16:93, for the bootstrap over units.
/// </remarks>
public static class KrippendorffAlpha
{
    private const int Draws = 2_000;

    /// <summary>Fewest units for which an interval is given.</summary>
    public const int LeastUnits = 5;

    /// <summary>Alpha with its two-sided bootstrap interval.</summary>
    /// <param name="units">Shape (units, ratings of the unit); the order of ratings has no meaning; NaN is a missing rating.</param>
    /// <param name="level">What differences mean.</param>
    /// <param name="confidence">Coverage in (0, 1).</param>
    /// <param name="seed">Of the resamples.</param>
    /// <returns>
    /// Alpha is NaN, with the reason, if no unit has two ratings or all ratings are equal. The interval is NaN below
    /// <see cref="LeastUnits"/> units.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">The confidence is outside (0, 1).</exception>
    public static Agreement Of(IReadOnlyList<IReadOnlyList<double>> units, MeasurementLevel level, double confidence, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(units);
        Level.Check(confidence, nameof(confidence));
        double[][] pairable = [.. units.Select(u => u.Where(v => !double.IsNaN(v)).ToArray()).Where(u => u.Length > 1)];
        var ratings = pairable.Sum(u => u.Length);
        if (pairable.Length == 0)
            return Undefined("no unit has two ratings");
        double[] values = [.. pairable.SelectMany(u => u).Distinct().Order()];
        if (values.Length == 1)
            return Undefined("all ratings are equal, so nothing could disagree");
        int[][] indices = [.. pairable.Select(u => u.Select(v => Array.BinarySearch(values, v)).ToArray())];
        var alpha = Alpha(indices, values, level);
        var (low, high) =
            indices.Length < LeastUnits ? (double.NaN, double.NaN) : Bootstrap(indices, values, level, (1 - confidence) / 2, seed);
        return new Agreement(alpha, low, high, indices.Length, ratings, null);

        Agreement Undefined(string why) => new(double.NaN, double.NaN, double.NaN, pairable.Length, ratings, why);
    }

    // units: shape (units, ratings), indices of values, which ascend. NaN if the units have a single value.
    private static double Alpha(ReadOnlySpan<int[]> units, double[] values, MeasurementLevel level)
    {
        var k = values.Length;
        var coincidences = new double[k, k];
        var counts = new double[k];
        var n = 0;
        foreach (var unit in units)
        {
            n += unit.Length;
            for (var i = 0; i < unit.Length; i++)
            {
                counts[unit[i]]++;
                for (var j = 0; j < unit.Length; j++)
                {
                    if (i != j)
                        coincidences[unit[i], unit[j]] += 1.0 / (unit.Length - 1);
                }
            }
        }

        double observed = 0,
            expected = 0;
        for (var c = 0; c < k; c++)
        {
            for (var d = c + 1; d < k; d++)
            {
                var difference = Difference(c, d, values, counts, level);
                observed += coincidences[c, d] * difference;
                expected += counts[c] * counts[d] * difference;
            }
        }

        return expected > 0 ? 1 - (n - 1) * observed / expected : double.NaN;
    }

    private static double Difference(int c, int d, double[] values, double[] counts, MeasurementLevel level)
    {
        switch (level)
        {
            case MeasurementLevel.Nominal:
                return 1;
            case MeasurementLevel.Interval:
                return (values[c] - values[d]) * (values[c] - values[d]);
            case MeasurementLevel.Ordinal:
                var between = -(counts[c] + counts[d]) / 2;
                for (var g = c; g <= d; g++)
                    between += counts[g];
                return between * between;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static (double Low, double High) Bootstrap(int[][] units, double[] values, MeasurementLevel level, double tail, ulong seed)
    {
        var random = new SplitMix(seed);
        List<double> alphas = new(Draws);
        var drawn = new int[units.Length][];
        for (var draw = 0; draw < Draws; draw++)
        {
            for (var i = 0; i < drawn.Length; i++)
                drawn[i] = units[random.Below(units.Length)];
            if (Alpha(drawn, values, level) is var alpha && !double.IsNaN(alpha))
                alphas.Add(alpha);
        }

        if (alphas.Count == 0)
            return (double.NaN, double.NaN);
        alphas.Sort();
        return (Quantile(alphas, tail), Quantile(alphas, 1 - tail));
    }

    // Linear between order statistics.
    private static double Quantile(List<double> sorted, double p)
    {
        var at = p * (sorted.Count - 1);
        var below = (int)at;
        return below + 1 < sorted.Count ? sorted[below] + (at - below) * (sorted[below + 1] - sorted[below]) : sorted[below];
    }
}
