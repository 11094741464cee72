using MathNet.Numerics.Distributions;

namespace AiMe.Metrics.Statistics;

/// <summary>
/// Power of a paired comparison: how likely is a significant result with so many replicates, if the true difference is
/// so large?
/// </summary>
/// <remarks>
/// By the noncentral t distribution, for normal differences: the power of the paired t test. That of the two-sided
/// sign-flip test at .05 is up to .03 lower at 7 and 8 pairs and within .01 from 10 on, in the simulations of
/// docs/SCIENCE.md. Fewer pairs than <see cref="SignFlip.FewestPairs"/> have no power, since no result of the sign-flip
/// test can reach alpha. With exactly so many, only signs that are all alike are significant, and the power is the
/// probability of these. Source: Cohen (1988), chapter 2; Faul et al. (2007), G*Power 3.
/// </remarks>
public static class PairedPower
{
    /// <summary>Beyond so many replicates nothing is forecast.</summary>
    public const int MostReplicates = 10_000;

    /// <summary>The probability of a significant result.</summary>
    /// <param name="difference">True mean difference, of either sign, in the unit of the measure.</param>
    /// <param name="sd">Standard deviation of the paired differences, 0 or more.</param>
    /// <param name="replicates">Pairs, 0 to <see cref="MostReplicates"/>.</param>
    /// <param name="alpha">In (0, 1); divide it by the size of the family first if p is corrected.</param>
    /// <param name="direction">As declared. A difference against a one-sided direction has less power than alpha.</param>
    /// <returns>
    /// In [0, 1]. 0 if so many pairs cannot reach alpha. Without scatter, 1 for a difference in the direction and 0
    /// otherwise. NaN if the difference or sd is not finite.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static double Of(double difference, double sd, int replicates, double alpha, Direction direction)
    {
        Level.Check(alpha, nameof(alpha));
        CheckSpread(sd);
        ArgumentOutOfRangeException.ThrowIfNegative(replicates);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(replicates, MostReplicates);
        if (!double.IsFinite(difference) || !double.IsFinite(sd))
            return double.NaN;
        if (!CanReach(replicates, alpha, direction))
            return 0;
        if (sd == 0)
            return direction.Size(difference) > 0 ? 1 : 0;
        if (replicates == SignFlip.FewestPairs(alpha, direction))
            return AllAlike(direction.Size(difference) / sd, replicates, direction);
        var delta = direction.Size(difference) * Math.Sqrt(replicates) / sd;
        var critical = StudentT.Quantile(1 - alpha / direction.Sides(), replicates - 1);
        // Beyond this distance power is 1 to the last digit, and the quadrature would have nothing to add.
        if (delta > critical + 40)
            return 1;
        var above = 1 - NoncentralT.Cdf(critical, replicates - 1, delta);
        return direction == Direction.Either ? above + NoncentralT.Cdf(-critical, replicates - 1, delta) : above;
    }

    /// <summary>The smallest true difference that is found with a given power.</summary>
    /// <param name="sd">Standard deviation of the paired differences, 0 or more.</param>
    /// <param name="replicates">Pairs, 0 to <see cref="MostReplicates"/>.</param>
    /// <param name="alpha">In (0, 1).</param>
    /// <param name="direction">As declared; the result is a size, without sign.</param>
    /// <param name="power">In (alpha, 1).</param>
    /// <returns>
    /// 0 or more, in the unit of sd, to a relative error of 1e-9; infinite if so few pairs cannot reach alpha, however
    /// large the difference. NaN if sd is not finite.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static double DetectableDifference(double sd, int replicates, double alpha, Direction direction, double power = 0.8)
    {
        CheckPower(power, alpha);
        CheckSpread(sd);
        ArgumentOutOfRangeException.ThrowIfNegative(replicates);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(replicates, MostReplicates);
        if (!double.IsFinite(sd))
            return double.NaN;
        if (!CanReach(replicates, alpha, direction))
            return double.PositiveInfinity;
        if (sd == 0)
            return 0;
        var side = direction == Direction.Either ? direction : Direction.Greater;
        var (low, high) = (0.0, 1.0);
        while (Of(high, 1, replicates, alpha, side) < power)
            (low, high) = (high, 2 * high);
        while (high - low > 1e-10 * high)
        {
            var middle = low + (high - low) / 2;
            if (Of(middle, 1, replicates, alpha, side) < power)
                low = middle;
            else
                high = middle;
        }

        return sd * high;
    }

    /// <summary>The fewest replicates with which a true difference is found with a given power.</summary>
    /// <param name="difference">Smallest difference of interest, of either sign; its size counts.</param>
    /// <param name="sd">Standard deviation of the paired differences, 0 or more.</param>
    /// <param name="alpha">In (0, 1).</param>
    /// <param name="direction">As declared.</param>
    /// <param name="power">In (alpha, 1).</param>
    /// <returns>
    /// At least <see cref="SignFlip.FewestPairs"/>. Null if more than <see cref="MostReplicates"/> are needed, which
    /// includes a difference of 0; if alpha is below the smallest p of drawn signs, 1 / 100,000; and if an argument is
    /// not finite.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static int? NeededReplicates(double difference, double sd, double alpha, Direction direction, double power = 0.8)
    {
        CheckPower(power, alpha);
        CheckSpread(sd);
        var side = direction == Direction.Either ? direction : Direction.Greater;
        var size = Math.Abs(difference);
        if (!double.IsFinite(size) || !double.IsFinite(sd))
            return null;
        var (low, high) = (0, MostReplicates);
        if (!(Of(size, sd, high, alpha, side) >= power))
            return null;
        while (high - low > 1)
        {
            var middle = low + (high - low) / 2;
            if (Of(size, sd, middle, alpha, side) >= power)
                high = middle;
            else
                low = middle;
        }

        return high;
    }

    /// <summary>Whether any result of so many pairs is significant. One pair has no scatter, whatever alpha is.</summary>
    private static bool CanReach(int replicates, double alpha, Direction direction) =>
        replicates >= 2 && SignFlip.SmallestPossibleP(replicates, direction) <= alpha;

    /// <summary>The probability that all differences have the sign that counts, or one sign if either does.</summary>
    private static double AllAlike(double standardised, int replicates, Direction direction)
    {
        var above = Power(Normal.CDF(0, 1, standardised));
        return direction == Direction.Either ? above + Power(Normal.CDF(0, 1, -standardised)) : above;

        double Power(double probability) => probability == 0 ? 0 : StrictMath.Exp(replicates * StrictMath.Log(probability));
    }

    private static void CheckSpread(double sd)
    {
        if (sd < 0)
            throw new ArgumentOutOfRangeException(nameof(sd), sd, "A standard deviation is not negative.");
    }

    private static void CheckPower(double power, double alpha)
    {
        Level.Check(alpha, nameof(alpha));
        if (!(power > alpha && power < 1))
            throw new ArgumentOutOfRangeException(nameof(power), power, "A wanted power lies between alpha and 1.");
    }
}
