using MathNet.Numerics.Distributions;

namespace AiMe.Metrics.Statistics;

/// <summary>The survival curve: the share of instances to which an event has not happened, though some were not seen to the end.</summary>
/// <remarks>
/// S(t) is the product over event times up to t of 1 - events / at risk. An instance censored at a time at which others
/// have their event was still at risk there. Source: Kaplan and Meier (1958); Kalbfleisch and Prentice (2002), section
/// 1.4, for intervals of log(-log S) with Greenwood's variance (1926).
/// </remarks>
public static class KaplanMeier
{
    /// <summary>The curve with its pointwise intervals.</summary>
    /// <param name="times">
    /// One per instance, in any order. A time that is NaN, infinite or negative is left out.
    /// </param>
    /// <param name="level">Coverage of the intervals in (0, 1), for instance .95.</param>
    /// <returns>A step for each distinct time, in order; empty without times. Before the first, survival is 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The level is outside (0, 1).</exception>
    public static SurvivalPoint[] Curve(ReadOnlySpan<SurvivalTime> times, double level)
    {
        Level.Check(level, nameof(level));
        var z = Normal.InvCDF(0, 1, 0.5 + level / 2);
        SurvivalTime[] known = [.. times.ToArray().Where(t => t.IsKnown)];
        var atRisk = known.Length;
        var survival = 1.0;
        var greenwood = 0.0;
        var curve = new List<SurvivalPoint>();
        foreach (var at in known.GroupBy(t => t.Time).OrderBy(g => g.Key))
        {
            var events = at.Count(t => t.Happened);
            var censored = at.Count() - events;
            survival *= (atRisk - events) / (double)atRisk;
            greenwood += events / ((double)atRisk * (atRisk - events)); // 0 / 0 or 1 / 0 only when all have had it
            var (low, high) = Bounds(survival, greenwood, z);
            curve.Add(new SurvivalPoint(at.Key, atRisk, events, censored, survival, low, high));
            atRisk -= events + censored;
        }

        return [.. curve];
    }

    private static (double Low, double High) Bounds(double survival, double greenwood, double z)
    {
        if (survival is not (> 0 and < 1))
            return (double.NaN, double.NaN);
        var log = StrictMath.Log(survival);
        var half = z * Math.Sqrt(greenwood) / -log;
        return (StrictMath.Exp(log * StrictMath.Exp(half)), StrictMath.Exp(log * StrictMath.Exp(-half)));
    }
}
