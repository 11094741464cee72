namespace AiMe.Metrics.Statistics;

/// <summary>What an equivalence test finds.</summary>
/// <param name="Interval">Mean difference with its Student interval of level 1 - 2 alpha.</param>
/// <param name="PAboveLow">One-sided p against a mean at or below the lower bound, in [0, 1] or NaN.</param>
/// <param name="PBelowHigh">One-sided p against a mean at or above the upper bound, in [0, 1] or NaN.</param>
/// <param name="Alpha">The level that was asked for.</param>
public sealed record EquivalenceResult(Interval Interval, double PAboveLow, double PBelowHigh, double Alpha)
{
    /// <summary>The p-value of the whole test: the greater of the two, in [0, 1]; NaN if undefined.</summary>
    public double P => Math.Max(PAboveLow, PBelowHigh);

    /// <summary>
    /// Whether equivalence may be claimed: P is at most alpha, which is to say that the interval lies between the
    /// bounds. False if P is undefined.
    /// </summary>
    public bool IsEquivalent => P <= Alpha;
}
