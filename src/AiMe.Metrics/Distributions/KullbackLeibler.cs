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
}
