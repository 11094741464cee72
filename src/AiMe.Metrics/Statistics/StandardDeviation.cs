namespace AiMe.Metrics.Statistics;

/// <summary>Sample standard deviation, with n - 1 degrees of freedom.</summary>
public static class StandardDeviation
{
    /// <summary>The root of the squared deviations from the mean over n - 1.</summary>
    /// <returns>At least 0; NaN below two values, or when one is not finite.</returns>
    public static double Of(ReadOnlySpan<double> values)
    {
        var mean = Mean.Of(values);
        var squares = 0.0;
        foreach (var value in values)
            squares += (value - mean) * (value - mean);
        return values.Length < 2 ? double.NaN : Math.Sqrt(squares / (values.Length - 1));
    }
}
