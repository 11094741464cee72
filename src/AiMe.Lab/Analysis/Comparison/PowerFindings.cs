using AiMe.Lab.Analysis.Comparison.Declared;
using AiMe.Lab.Analysis.Power;
using AiMe.Metrics.Statistics;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>What a run of the same size would find, if the first primary test that is forecast is not supported.</summary>
internal static class PowerFindings
{
    /// <summary>One finding, or none. If no result with so many replicates can count, it is about the fewest that can.</summary>
    public static IEnumerable<ComparisonFinding> Of(RunComparison comparison)
    {
        if (comparison.Generation == 0)
            yield break;
        ContrastData? data = null;
        foreach (var test in comparison.Tests.Where(t => t.IsPrimary && t.Verdict != TestVerdict.Supported && TestForecast.IsForecast(t)))
        {
            data ??= ContrastData.Of(comparison);
            var fewest = SignFlip.FewestPairs(test.Alpha / test.Family, DeclaredTests.Sided(test.Direction));
            var replicates = Math.Clamp(comparison.Plan.Units.Count, fewest ?? 1, PairedPower.MostReplicates);
            var forecast = TestForecast.Of(test, data, new PowerGoal([replicates]));
            if (forecast.Status != ForecastStatus.Forecast)
                continue;
            yield return new ComparisonFinding("power", PowerWords.Of(forecast));
            yield break;
        }
    }
}
