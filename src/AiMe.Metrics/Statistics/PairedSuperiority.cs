namespace AiMe.Metrics.Statistics;

/// <summary>Probability of superiority within pairs: how often the first of a pair is the greater one.</summary>
/// <remarks>Source: Grissom and Kim (2012), "Effect Sizes for Research", PS for dependent groups.</remarks>
public static class PairedSuperiority
{
    /// <summary>(differences above 0 + half of those that are 0) / differences.</summary>
    /// <param name="differences">First minus second, one per pair.</param>
    /// <returns>In [0, 1]: .5 when neither is favoured. NaN for no pairs, or when one is NaN.</returns>
    public static double Of(ReadOnlySpan<double> differences)
    {
        var halves = 0;
        foreach (var d in differences)
        {
            if (double.IsNaN(d))
                return double.NaN;
            halves += 1 + Math.Sign(d);
        }

        return differences.IsEmpty ? double.NaN : halves / (2.0 * differences.Length);
    }
}
