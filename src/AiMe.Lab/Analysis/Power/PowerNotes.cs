using System.Collections.Immutable;
using System.Globalization;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Comparison.Declared;

namespace AiMe.Lab.Analysis.Power;

/// <summary>What the figures of a forecast mean and assume, a paragraph each.</summary>
public static class PowerNotes
{
    /// <summary>The notes that apply to a forecast.</summary>
    public static IEnumerable<string> Of(PowerForecast forecast)
    {
        ArgumentNullException.ThrowIfNull(forecast);
        return [.. Levels(forecast.Tests), .. Ordered(forecast.Tests), .. Undefined(forecast.Tests), .. Kinds(forecast.Tests), Scatter];
    }

    private const string Scatter =
        "The pilot's difference is not used, its scatter alone; differences are taken to be normal, and the scatter to stay the same.";

    private static IEnumerable<string> Levels(ImmutableArray<TestForecast> tests)
    {
        foreach (var family in tests.Where(t => TestForecast.IsForecast(t.Test)).GroupBy(t => (Name(t), t.Test.Family, t.Test.Alpha)))
        {
            var (name, size, alpha) = family.Key;
            yield return size == 1
                ? $"Alpha is {Text(alpha)} for the only {name} test."
                : $"Alpha {Text(alpha)} is divided by the {size} {name} tests, the hardest step of Holm's correction: a test that is "
                    + "corrected less has more power.";
        }
    }

    private static string Name(TestForecast test) =>
        !test.IsDeclared ? "exploratory"
        : test.Test.IsPrimary ? "primary"
        : "secondary";

    private static IEnumerable<string> Ordered(ImmutableArray<TestForecast> tests)
    {
        if (tests.Any(t => t is { Status: ForecastStatus.Forecast, Test.Method: TestMethod.Page }))
            yield return "Ordered variants: the forecast is of a sign-flip test of the last variant against the first. Page's test, "
                + "which is declared, uses all variants: its power is higher with six variants and an even trend, about the same with "
                + "four, and lower with three or if the last variant alone differs.";
    }

    private static IEnumerable<string> Undefined(ImmutableArray<TestForecast> tests) =>
        tests
            .Where(t => TestForecast.IsForecast(t.Test) && t.Status != ForecastStatus.Forecast)
            .Select(t => $"{Sentence.Capital(PowerWords.Between(t))}: no forecast, {PowerWords.WhyNot(t)}.");

    private static IEnumerable<string> Kinds(ImmutableArray<TestForecast> tests)
    {
        string[] kinds =
        [
            .. tests
                .Where(t => t.Status is ForecastStatus.Equivalence or ForecastStatus.Survival)
                .GroupBy(t => t.Status)
                .OrderBy(g => g.Key)
                .Select(g =>
                    g.Key == ForecastStatus.Equivalence
                        ? Sentence.Count(g.Count(), "equivalence test", "equivalence tests")
                        : Sentence.Count(g.Count(), "survival test", "survival tests")
                ),
        ];
        if (kinds.Length > 0)
            yield return $"Not forecast: {Sentence.List(kinds)}, of which the power does not follow from the scatter of differences alone.";
    }

    private static string Text(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
