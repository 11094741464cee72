namespace AiMe.Metrics.Statistics;

/// <summary>Mean difference between two variants whose replicates are paired by block seed.</summary>
/// <remarks>
/// Source: docs/SCIENCE.md, section 4: pairs share stimuli, anchor draw and held-out set, so their noise cancels.
/// </remarks>
public static class PairedDifference
{
    /// <summary>Student's t interval of the mean of a_i - b_i.</summary>
    /// <param name="a">One value per block.</param>
    /// <param name="b">The other variant's, in the same order of blocks.</param>
    /// <param name="level">Coverage in (0, 1), for instance .95.</param>
    /// <returns>See <see cref="StudentT.Interval"/>; N is the number of pairs.</returns>
    /// <exception cref="ArgumentException">
    /// The numbers of replicates differ, or the level is outside (0, 1).
    /// </exception>
    public static Interval Interval(ReadOnlySpan<double> a, ReadOnlySpan<double> b, double level) =>
        StudentT.Interval(Differences(a, b), level);

    /// <summary>a_i - b_i, for <see cref="SignFlip"/>.</summary>
    /// <exception cref="ArgumentException">The numbers of replicates differ.</exception>
    public static double[] Differences(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        if (a.Length != b.Length)
            throw new ArgumentException($"{a.Length} and {b.Length} replicates cannot be paired.");
        var differences = new double[a.Length];
        for (var i = 0; i < a.Length; i++)
            differences[i] = a[i] - b[i];
        return differences;
    }
}
