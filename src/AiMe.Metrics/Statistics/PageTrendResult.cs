namespace AiMe.Metrics.Statistics;

/// <summary>What Page's test finds.</summary>
/// <param name="L">Page's statistic; NaN if no block is left.</param>
/// <param name="ExpectedL">
/// Its mean under the null, n k (k + 1)^2 / 4. L above it means that values rise along the order.
/// </param>
/// <param name="Blocks">n: those without a NaN.</param>
/// <param name="Conditions">k.</param>
/// <param name="P">In (0, 1], in the declared direction.</param>
/// <param name="SmallestPossibleP">
/// The p of blocks with these ties if all were in order. If it is above the corrected threshold, print "cannot reach
/// significance".
/// </param>
public sealed record PageTrendResult(double L, double ExpectedL, int Blocks, int Conditions, double P, double SmallestPossibleP);
