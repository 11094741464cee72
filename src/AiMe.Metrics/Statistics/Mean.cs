namespace AiMe.Metrics.Statistics;

/// <summary>Arithmetic mean, summed in order.</summary>
public static class Mean
{
    /// <summary>Sum / count. NaN for no values, or when one is NaN.</summary>
    public static double Of(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;
        return values.IsEmpty ? double.NaN : sum / values.Length;
    }
}
