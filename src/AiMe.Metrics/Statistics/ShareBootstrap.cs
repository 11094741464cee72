namespace AiMe.Metrics.Statistics;

/// <summary>A share of counts in clusters, with the percentile bootstrap interval over clusters.</summary>
/// <remarks>
/// 2,000 seeded resamples of clusters, since what is in one cluster is not independent. Source: Davison and Hinkley (1997), "Bootstrap
/// Methods and their Application", sections 3.8 and 5.3.
/// </remarks>
public static class ShareBootstrap
{
    private const int Draws = 2_000;

    /// <summary>The share of the first count in both.</summary>
    /// <param name="clusters">Shape (clusters); the counts of a cluster are 0 or more and not both 0.</param>
    /// <param name="level">Coverage in (0, 1).</param>
    /// <param name="seed">Of the resamples.</param>
    /// <returns>Share and bounds in [0, 1]; bounds are NaN below two clusters, everything without one. N counts clusters.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The level is outside (0, 1).</exception>
    public static Interval Interval(ReadOnlySpan<(int First, int Second)> clusters, double level, ulong seed)
    {
        Level.Check(level, nameof(level));
        var n = clusters.Length;
        if (n == 0)
            return new Interval(double.NaN, double.NaN, double.NaN, 0);
        var (first, second) = (0L, 0L);
        foreach (var (one, other) in clusters)
            (first, second) = (first + one, second + other);
        var share = (double)first / (first + second);
        if (n == 1)
            return new Interval(share, double.NaN, double.NaN, 1);
        var random = new SplitMix(seed);
        var shares = new double[Draws];
        for (var draw = 0; draw < Draws; draw++)
        {
            var (sum, all) = (0L, 0L);
            for (var i = 0; i < n; i++)
            {
                var (one, other) = clusters[random.Below(n)];
                (sum, all) = (sum + one, all + one + other);
            }

            shares[draw] = (double)sum / all;
        }

        Array.Sort(shares);
        return new Interval(share, At((1 - level) / 2), At((1 + level) / 2), n);

        double At(double p) => shares[(int)Math.Min(Draws - 1, Math.Max(0, Math.Round(p * (Draws - 1))))];
    }
}
