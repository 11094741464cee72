namespace AiMe.Metrics.Statistics;

/// <summary>Matched-pairs rank-biserial correlation: which sign the larger differences have.</summary>
/// <remarks>
/// Source: Kerby (2014), "The simple difference formula"; King, Rosopa and Minium (2011). Zeros are left out, as in
/// Wilcoxon (1945).
/// </remarks>
public static class RankBiserial
{
    /// <summary>
    /// (rank sum of the differences above 0 - rank sum of those below) / rank sum of all, ranked by size.
    /// </summary>
    /// <param name="differences">
    /// First minus second, one per pair. Those of one size share their mean rank; zeros are left out.
    /// </param>
    /// <returns>In [-1, 1]: 1 when no difference is below 0. NaN if all are 0, or if one is NaN.</returns>
    public static double Of(ReadOnlySpan<double> differences)
    {
        var given = differences.ToArray();
        if (Array.Exists(given, double.IsNaN))
            return double.NaN;
        double[] sizes = [.. given.Where(d => d != 0).Select(Math.Abs).Order()];
        if (sizes.Length == 0)
            return double.NaN;
        var sum = given.Where(d => d != 0).Sum(d => Math.Sign(d) * RankOf(Math.Abs(d)));
        return sum / (sizes.Length * (sizes.Length + 1) / 2.0);

        // The mean of the first and the last rank of this size, from 1.
        double RankOf(double size) => (sizes.Count(s => s < size) + 1 + sizes.Count(s => s <= size)) / 2.0;
    }
}
