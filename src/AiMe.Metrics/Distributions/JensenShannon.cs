namespace AiMe.Metrics.Distributions;

/// <summary>
/// Jensen-Shannon divergence to base 2, JS(p, q) = KL(p || m) / 2 + KL(q || m) / 2 with m = (p + q) / 2. Symmetric; the
/// divergence, not its square root.
/// </summary>
/// <remarks>
/// With p_i = m_i (1 + d) and q_i = m_i (1 - d), an option adds m_i f(d) / (2 ln 2), f(d) = (1 + d) ln(1 + d) + (1 - d)
/// ln(1 - d), which is never negative. So no two terms cancel, and distributions that differ in the tenth digit still
/// have a divergence above 0. Source: Lin (1991), "Divergence measures based on the Shannon entropy".
/// </remarks>
public static class JensenShannon
{
    /// <summary>Divergence of two distributions over the same options.</summary>
    /// <param name="p">Shape (n); p_i >= 0, sum within 1e-9 of 1.</param>
    /// <param name="q">Shape (n), likewise.</param>
    /// <returns>Bits, in [0, 1]: 0 for equal ones, 1 for disjoint ones.</returns>
    /// <exception cref="ArgumentException">
    /// p or q is not a distribution (a NaN included), or their lengths differ.
    /// </exception>
    public static double Bits(ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        Distribution.CheckPair(p, q);
        var nats = 0.0;
        for (var i = 0; i < p.Length; i++)
        {
            var twice = p[i] + q[i];
            if (twice > 0)
                nats += twice * TwoSided(Math.Abs(p[i] - q[i]) / twice) / 4;
        }

        return Math.Min(1, nats * 1.4426950408889634);
    }

    /// <summary>
    /// (1 + d) ln(1 + d) + (1 - d) ln(1 - d) for d in [0, 1]: by its series if the two terms would cancel.
    /// </summary>
    private static double TwoSided(double d)
    {
        if (d == 1)
            return 2 * StrictMath.Log(2);
        if (d > 0.1)
            return (1 + d) * StrictMath.Log(1 + d) + (1 - d) * StrictMath.Log(1 - d);

        var d2 = d * d;
        var sum = 0.0;
        for (var k = 8; k >= 1; k--)
            sum = (sum + 1.0 / (k * (2 * k - 1))) * d2; // d^2 + d^4 / 6 + d^6 / 15 + ...
        return sum;
    }
}
