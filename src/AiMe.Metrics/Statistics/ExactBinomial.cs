using MathNet.Numerics.Distributions;

namespace AiMe.Metrics.Statistics;

/// <summary>A share with its exact binomial interval.</summary>
/// <remarks>
/// It covers at least its level whatever the share is. Source: Clopper and Pearson (1934), "The use of confidence or fiducial limits
/// illustrated in the case of the binomial".
/// </remarks>
public static class ExactBinomial
{
    private const double RoundingNoise = 1e-9;

    /// <summary>The share of successes with its two-sided interval.</summary>
    /// <param name="successes">0 to <paramref name="trials"/>.</param>
    /// <param name="trials">0 or more; independent of each other.</param>
    /// <param name="level">Coverage in (0, 1).</param>
    /// <returns>Share and bounds in [0, 1]; all NaN without trials.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static Interval Interval(int successes, int trials, double level)
    {
        Level.Check(level, nameof(level));
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
        if (trials == 0)
            return new Interval(double.NaN, double.NaN, double.NaN, 0);
        var tail = (1 - level) / 2;
        return new Interval(
            (double)successes / trials,
            successes == 0 ? 0 : Beta.InvCDF(successes, trials - successes + 1, tail),
            successes == trials ? 1 : Beta.InvCDF(successes + 1, trials - successes, 1 - tail),
            trials
        );
    }

    /// <summary>The probability that the share of successes lies within bounds, both included.</summary>
    /// <param name="trials">1 or more; independent of each other.</param>
    /// <param name="probability">Of a success, in [0, 1].</param>
    /// <param name="least">The lower bound of the share.</param>
    /// <param name="most">The upper bound of the share.</param>
    /// <returns>In [0, 1].</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no trial.</exception>
    public static double Within(int trials, double probability, double least, double most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        return Enumerable
            .Range(0, trials + 1)
            .Where(k => (double)k / trials >= least - RoundingNoise && (double)k / trials <= most + RoundingNoise)
            .Sum(k => Binomial.PMF(probability, trials, k));
    }
}
