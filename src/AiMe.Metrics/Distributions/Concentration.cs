namespace AiMe.Metrics.Distributions;

/// <summary>How far a distribution is gathered on few options.</summary>
/// <remarks>Source: docs/SCIENCE.md, "concentration"; Gambetta et al. (2026) for language models.</remarks>
public static class Concentration
{
    /// <summary>Mass of the k likeliest options.</summary>
    /// <param name="p">Shape (n); p_i >= 0, sum within 1e-9 of 1. It is sorted in place, ascending.</param>
    /// <param name="k">1 or more; all options if there are fewer.</param>
    /// <returns>In [0, 1], at least min(k, n) / n but for rounding.</returns>
    /// <exception cref="ArgumentException">p is not a distribution.</exception>
    public static double TopMass(Span<double> p, int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        Distribution.Check(p);
        p.Sort();
        var sum = 0.0;
        for (var i = p.Length - 1; i >= Math.Max(0, p.Length - k); i--)
            sum += p[i];
        return Math.Min(1, sum);
    }

    /// <summary>
    /// Gini coefficient, sum (2 i - n - 1) p_i / (n sum p) over p in ascending order with i from 1: half the relative mean
    /// absolute difference of two options.
    /// </summary>
    /// <param name="p">Shape (n); p_i >= 0, sum within 1e-9 of 1. It is sorted in place, ascending.</param>
    /// <returns>In [0, 1 - 1 / n]: 0 if all options are equally likely, 1 - 1 / n if one has all mass.</returns>
    /// <exception cref="ArgumentException">p is not a distribution.</exception>
    /// <remarks>Source: Gini (1912); Dixon et al. (1987) for the form over sorted values.</remarks>
    public static double Gini(Span<double> p)
    {
        Distribution.Check(p);
        p.Sort();
        var (weighted, sum) = (0.0, 0.0);
        for (var i = 0; i < p.Length; i++)
        {
            weighted += (2.0 * (i + 1) - p.Length - 1) * p[i];
            sum += p[i];
        }

        return Math.Clamp(weighted / (p.Length * sum), 0, 1);
    }
}
