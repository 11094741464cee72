using MathNet.Numerics.Distributions;

namespace AiMe.Metrics.Statistics;

/// <summary>A share with its exact binomial interval.</summary>
/// <remarks>
/// It covers at least its level whatever the share is. Source: Clopper and Pearson (1934), "The use of confidence or fiducial limits
/// illustrated in the case of the binomial".
/// </remarks>
public static class ExactBinomial
{
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
}
