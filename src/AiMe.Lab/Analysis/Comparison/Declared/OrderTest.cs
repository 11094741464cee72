using AiMe.Faculties.Supervisor;
using AiMe.Metrics.Statistics;

namespace AiMe.Lab.Analysis.Comparison.Declared;

/// <summary>The test of a trend over ordered variants, within replicates.</summary>
internal static class OrderTest
{
    // The product of the blocks' shares is rounded; a tie at least doubles it.
    private const double Untied = 1.5;

    /// <summary>Page's L over the replicates that have every variant.</summary>
    public static DeclaredTest Page(DeclaredTest test, ContrastData data, AnalysisPlan plan)
    {
        var direction = DeclaredTests.Sided(test.Direction);
        double[][] blocks = test.Outcome is DeclaredOutcome.Survival survival
            ? SurvivalTest.Blocks(test, survival, data)
            : data.Blocks(test.Measure, test.Variants);
        if (blocks.Length == 0)
            return test;
        var trend = PageTrend.Test(blocks, direction, data.Seed.Derive(["page", .. test.Variants, test.Measure.Key]).Value);
        var ends =
            test.Outcome is DeclaredOutcome.Value
                ? PairTest.EstimateOf(test, [.. blocks.Select(b => b[^1] - b[0])], data, plan)
                : (Estimate.None, IntervalMethod.Student);
        return test with
        {
            N = trend.Blocks,
            Estimate = ends.Item1,
            Interval = ends.Item2,
            Statistic = trend.L,
            Effect = trend.L - trend.ExpectedL,
            P = trend.P,
            IsExact = trend.Blocks <= PageTrend.ExactUpToBlocks && trend.Conditions <= PageTrend.ExactUpToConditions,
            SmallestP = trend.SmallestPossibleP,
            HasTies = trend.SmallestPossibleP > Untied * PageTrend.SmallestPossibleP(trend.Blocks, trend.Conditions, direction),
            AttainableSize = PageTrend.AttainableSize(trend.Blocks, trend.Conditions, test.Alpha, direction),
        };
    }
}
