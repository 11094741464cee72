namespace AiMe.Metrics.Statistics;

/// <summary>Spearman's rank correlation: Pearson's of the mid-ranks.</summary>
/// <remarks>
/// Ranks, because scores in [0, 1] are skewed and a single instance must not make a correlation. Source: Spearman
/// (1904); ties have their mean rank.
/// </remarks>
public static class RankCorrelation
{
    private const int Fewest = 3;

    /// <summary>The correlation of two figures of the same observations.</summary>
    /// <param name="x">Shape (n).</param>
    /// <param name="y">Shape (n).</param>
    /// <returns>In [-1, 1]. NaN below three observations, when a value is NaN, or when one side does not vary.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double Of(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.Length != y.Length)
            throw new ArgumentException($"{x.Length} and {y.Length} values cannot be correlated.");
        if (x.Length < Fewest || HasNaN(x) || HasNaN(y))
            return double.NaN;
        var (a, b) = (Ranks(x), Ranks(y));
        var middle = (x.Length + 1) / 2.0;
        double both = 0,
            ofA = 0,
            ofB = 0;
        for (var i = 0; i < a.Length; i++)
        {
            both += (a[i] - middle) * (b[i] - middle);
            ofA += (a[i] - middle) * (a[i] - middle);
            ofB += (b[i] - middle) * (b[i] - middle);
        }

        return ofA == 0 || ofB == 0 ? double.NaN : Math.Clamp(both / Math.Sqrt(ofA * ofB), -1, 1);
    }

    /// <summary>Mid-ranks, from 1.</summary>
    private static double[] Ranks(ReadOnlySpan<double> values)
    {
        var ranks = new double[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var (below, equal) = (0, 0);
            foreach (var other in values)
            {
                below += other < values[i] ? 1 : 0;
                equal += other == values[i] ? 1 : 0;
            }

            ranks[i] = below + (equal + 1) / 2.0;
        }

        return ranks;
    }

    private static bool HasNaN(ReadOnlySpan<double> values)
    {
        foreach (var value in values)
        {
            if (double.IsNaN(value))
                return true;
        }

        return false;
    }
}
