namespace AiMe.Metrics.Statistics;

/// <summary>Effect size without units: how much more often a value of a is above one of b than below it.</summary>
/// <remarks>Source: Cliff (1993), "Dominance statistics".</remarks>
public static class CliffsDelta
{
    /// <summary>(pairs with a above b - pairs with a below b) / all pairs.</summary>
    /// <returns>
    /// In [-1, 1]; 0 when neither dominates, 1 when all of a lies above all of b. NaN when either is empty or holds a
    /// NaN.
    /// </returns>
    public static double Of(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        long above = 0;
        foreach (var x in a)
        {
            foreach (var y in b)
            {
                if (double.IsNaN(x) || double.IsNaN(y))
                    return double.NaN;
                above += x.CompareTo(y);
            }
        }

        return a.IsEmpty || b.IsEmpty ? double.NaN : above / ((double)a.Length * b.Length);
    }
}
