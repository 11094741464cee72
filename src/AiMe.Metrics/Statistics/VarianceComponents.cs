namespace AiMe.Metrics.Statistics;

/// <summary>The scatter of values in groups, by what it comes from.</summary>
/// <param name="Between">
/// Standard deviation of the groups' true means; 0 if the groups' means scatter no more than they would by chance. NaN below two groups
/// or without a group of two values.
/// </param>
/// <param name="Within">Standard deviation of values about the mean of their group; NaN without a group of two values.</param>
/// <remarks>
/// One-way random effects by the method of moments: Between^2 = max (0, (MSB - MSW) / n0), n0 = (N - sum n_i^2 / N) / (k - 1). Source:
/// Searle, Casella and McCulloch (1992), Variance Components, section 3.6.
/// </remarks>
public readonly record struct VarianceComponents(double Between, double Within)
{
    /// <summary>The components of values in groups.</summary>
    /// <param name="groups">Shape (groups, values of the group); empty groups are left out. No value is NaN.</param>
    public static VarianceComponents Of(IEnumerable<double[]> groups)
    {
        double[][] all = [.. groups.Where(g => g.Length > 0)];
        double n = all.Sum(g => g.Length);
        var free = n - all.Length;
        if (free < 1)
            return new(double.NaN, double.NaN);
        var within = all.Sum(g => SquaresAbout(g, Mean.Of(g))) / free;
        if (all.Length < 2)
            return new(double.NaN, Math.Sqrt(within));
        var mean = all.Sum(g => g.Sum()) / n;
        var between = all.Sum(g => g.Length * Square(Mean.Of(g) - mean)) / (all.Length - 1);
        var size = (n - all.Sum(g => (double)g.Length * g.Length) / n) / (all.Length - 1);
        return new(Math.Sqrt(Math.Max(0, (between - within) / size)), Math.Sqrt(within));
    }

    private static double SquaresAbout(double[] values, double mean) => values.Sum(v => Square(v - mean));

    private static double Square(double value) => value * value;
}
