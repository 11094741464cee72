namespace AiMe.Metrics.Distributions;

/// <summary>Relative entropy, KL(p || q) = sum p_i ln(p_i / q_i), with 0 ln 0 = 0.</summary>
/// <remarks>Source: Kullback and Leibler (1951). Drift takes p at generation g and q at generation 0.</remarks>
public static class KullbackLeibler
{
    /// <summary>Divergence of p from q.</summary>
    /// <param name="p">Shape (n); p_i >= 0, sum within 1e-9 of 1.</param>
    /// <param name="q">Shape (n), likewise.</param>
    /// <returns>
    /// Nats, at least 0 and exactly 0 for equal ones; positive infinity if q is 0 at an option at which p is not.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// p or q is not a distribution (a NaN included), or their lengths differ.
    /// </exception>
    public static double Nats(ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        Distribution.CheckPair(p, q);
        var sum = 0.0;
        for (var i = 0; i < p.Length; i++)
        {
            if (p[i] > 0)
                sum += p[i] * (StrictMath.Log(p[i]) - StrictMath.Log(q[i]));
        }

        return Math.Max(0, sum);
    }

    /// <summary>Divergence of p from q, both given by their logarithms in single precision.</summary>
    /// <param name="logP">Shape (n); ln p_i.</param>
    /// <param name="logQ">Shape (n); ln q_i, finite where p_i is above 0.</param>
    /// <param name="p">Shape (n); receives p, scaled so that it sums to 1.</param>
    /// <returns>Nats, at least 0 and exactly 0 for equal ones.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or p is not a distribution to within 1e-3.</exception>
    public static double OfLogs(ReadOnlySpan<float> logP, ReadOnlySpan<float> logQ, Span<double> p)
    {
        if (logP.Length != logQ.Length || logP.Length != p.Length)
            throw new ArgumentException($"Lengths {logP.Length}, {logQ.Length} and {p.Length} must be equal.");
        var sum = 0.0;
        for (var i = 0; i < p.Length; i++)
        {
            p[i] = StrictMath.Exp(logP[i]);
            sum += p[i];
        }

        if (!(Math.Abs(sum - 1) <= 1e-3))
            throw new ArgumentException($"A distribution sums to 1, not to {sum:R}.");
        var divergence = 0.0;
        for (var i = 0; i < p.Length; i++)
        {
            p[i] /= sum;
            if (p[i] > 0)
                divergence += p[i] * ((double)logP[i] - logQ[i]);
        }

        return Math.Max(0, divergence);
    }
}
