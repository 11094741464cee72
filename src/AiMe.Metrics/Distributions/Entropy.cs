namespace AiMe.Metrics.Distributions;

/// <summary>Shannon entropy, H = -sum p_i log2 p_i, with 0 log2 0 = 0.</summary>
/// <remarks>Source: Shannon (1948), section 6.</remarks>
public static class Entropy
{
    /// <summary>Entropy of a distribution.</summary>
    /// <param name="p">Shape (n); p_i >= 0, sum within 1e-9 of 1.</param>
    /// <returns>Bits, in [0, log2 n]; exactly 0 for a certainty.</returns>
    /// <exception cref="ArgumentException">p is not a distribution (a NaN included).</exception>
    public static double Bits(ReadOnlySpan<double> p)
    {
        Distribution.Check(p);
        var sum = 0.0;
        foreach (var x in p)
        {
            if (x > 0)
                sum += x * StrictMath.Log2(x);
        }

        return Math.Max(0, -sum);
    }
}
