namespace AiMe.Metrics.Distributions;

/// <summary>Checks probability distributions: at least one entry, none negative or NaN, sum within 1e-9 of 1.</summary>
internal static class Distribution
{
    private const double Tolerance = 1e-9;

    /// <summary>Checks one distribution.</summary>
    /// <exception cref="ArgumentException">p is not a distribution.</exception>
    public static void Check(ReadOnlySpan<double> p)
    {
        var sum = 0.0;
        foreach (var x in p)
        {
            if (!(x >= 0))
                throw new ArgumentException($"A distribution has no entry {x:R}.");
            sum += x;
        }

        if (!(Math.Abs(sum - 1) <= Tolerance))
            throw new ArgumentException($"A distribution sums to 1, not to {sum:R}.");
    }

    /// <summary>Checks that two distributions can be compared.</summary>
    /// <exception cref="ArgumentException">
    /// One of them is not a distribution, or they are over different numbers of options.
    /// </exception>
    public static void CheckPair(ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        if (p.Length != q.Length)
            throw new ArgumentException($"Distributions over {p.Length} and {q.Length} options cannot be compared.");
        Check(p);
        Check(q);
    }
}
