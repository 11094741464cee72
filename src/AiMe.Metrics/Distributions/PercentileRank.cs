namespace AiMe.Metrics.Distributions;

/// <summary>Mid-rank of a value in a reference sample: (those below + half of those equal) / all.</summary>
/// <remarks>
/// A value typical of the sample ranks .5, and ties never favour either side. Scores are percentile ranks in a fixed
/// sample of the frozen base model's own outputs at generation 0.
/// </remarks>
public static class PercentileRank
{
    /// <summary>The mid-rank of a value.</summary>
    /// <param name="value">On the sample's scale; infinities rank at the ends.</param>
    /// <param name="sorted">The reference sample, ascending.</param>
    /// <returns>In [0, 1]. NaN when the sample is empty or the value is NaN.</returns>
    /// <exception cref="ArgumentException">The sample is not ascending, or holds a NaN.</exception>
    public static double Of(double value, ReadOnlySpan<double> sorted)
    {
        var below = 0;
        var equal = 0;
        for (var i = 0; i < sorted.Length; i++)
        {
            if (double.IsNaN(sorted[i]) || (i > 0 && sorted[i] < sorted[i - 1]))
                throw new ArgumentException($"The reference sample is not ascending at position {i}.");
            if (sorted[i] < value)
                below++;
            else if (sorted[i] == value)
                equal++;
        }

        return sorted.IsEmpty || double.IsNaN(value) ? double.NaN : (below + equal / 2.0) / sorted.Length;
    }
}
