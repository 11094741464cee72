namespace AiMe.Metrics.Statistics;

/// <summary>Holm's step-down correction of the p-values of a declared family of comparisons.</summary>
/// <remarks>Controls the chance of any false finding in the family. Source: Holm (1979).</remarks>
public static class Holm
{
    /// <summary>Adjusted p-values, in the order given: compare each with the level itself.</summary>
    /// <param name="p">One per declared comparison, in [0, 1]; NaN if it could not be made.</param>
    /// <returns>
    /// In [0, 1], none below its p. With m comparisons and ranks k = 0, 1, ..., the greatest so far of min(1, (m - k)
    /// p). A NaN stays NaN and still counts towards m: a family does not shrink because a run failed.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside [0, 1].</exception>
    public static double[] Adjust(ReadOnlySpan<double> p)
    {
        foreach (var value in p)
        {
            if (value is < 0 or > 1)
                throw new ArgumentOutOfRangeException(nameof(p), value, "A p-value lies between 0 and 1.");
        }

        var given = p.ToArray();
        var adjusted = new double[given.Length];
        Array.Fill(adjusted, double.NaN);
        var rank = 0;
        var greatest = 0.0;
        foreach (var i in Enumerable.Range(0, given.Length).Where(i => !double.IsNaN(given[i])).OrderBy(i => given[i]).ThenBy(i => i))
        {
            greatest = Math.Max(greatest, Math.Min(1, (given.Length - rank) * given[i]));
            adjusted[i] = greatest;
            rank++;
        }

        return adjusted;
    }
}
