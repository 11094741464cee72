namespace AiMe.Metrics.Statistics;

/// <summary>What a log-rank test within blocks finds.</summary>
/// <param name="Observed">Events of the first arm; NaN if no block is left.</param>
/// <param name="Expected">
/// Events that the first arm would have if both arms had the pooled hazard, given how long each was seen.
/// </param>
/// <param name="ExpectedOther">The same of the second arm; both add up to all events.</param>
/// <param name="Blocks">Blocks of which both times are known.</param>
/// <param name="P">In (0, 1], in the declared direction; NaN if no block is left.</param>
public sealed record LogRankResult(double Observed, double Expected, double ExpectedOther, int Blocks, double P)
{
    /// <summary>Observed minus expected events of the first arm: above 0 if its events come sooner.</summary>
    public double Statistic => Observed - Expected;

    /// <summary>
    /// The smallest p of these times, whichever arm of a block has which; NaN if no block is left. Blocks of equal scores
    /// raise it.
    /// </summary>
    public double SmallestPossibleP { get; init; } = double.NaN;
}
