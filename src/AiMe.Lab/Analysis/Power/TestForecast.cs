using System.Collections.Immutable;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Comparison.Declared;
using AiMe.Metrics.Statistics;

namespace AiMe.Lab.Analysis.Power;

/// <summary>The power of a sign-flip test in a later run, from the scatter of a pilot.</summary>
/// <remarks>Ordered variants are forecast as a test of the last variant against the first.</remarks>
/// <param name="Test">The test; nothing of it needs to be computed.</param>
/// <param name="Status">Whether there is a forecast; if not, its figures are undefined.</param>
/// <param name="Pilot">Pairs of the pilot and the standard deviation of their differences, with its 95% interval.</param>
public sealed record TestForecast(DeclaredTest Test, ForecastStatus Status, PilotForecast Pilot)
{
    // Differences that are equal but for rounding have no scatter.
    private const double RoundingNoise = 1e-12;

    private static readonly PilotEstimate<double> s_undefined = new(double.NaN, double.NaN, double.NaN);

    /// <summary>Whether the test is declared; else it is exploratory, and its family is that of all pairs by its measure.</summary>
    public bool IsDeclared { get; init; } = true;

    /// <summary>The wanted probability of a significant result.</summary>
    public required double Power { get; init; }

    /// <summary>The difference that a later run should find; null if none is declared or asked for.</summary>
    public double? Difference { get; init; }

    /// <summary>By number of replicates, in the order of the question.</summary>
    public required ImmutableArray<DetectableAt> Detectable { get; init; }

    /// <summary>
    /// The replicates that <see cref="Difference"/> needs; null without one, without a forecast, and beyond 10,000.
    /// </summary>
    public PilotEstimate<int?> Needed { get; init; }

    /// <summary>Level of the test at the first step of Holm's correction, the hardest: alpha over the size of the family.</summary>
    public double Alpha => Test.Alpha / Test.Family;

    /// <summary>The fewest replicates with which any result can be significant; null if no number suffices.</summary>
    public int? Fewest => SignFlip.FewestPairs(Alpha, DeclaredTests.Sided(Test.Direction));

    /// <summary>The two variants of the forecast, the first minus the second.</summary>
    public (string First, string Second) Pair => PairOf(Test);

    /// <summary>Whether a test is of a kind that is forecast: values of a pair, or of ordered variants.</summary>
    public static bool IsForecast(DeclaredTest test)
    {
        ArgumentNullException.ThrowIfNull(test);
        return test is { Outcome: DeclaredOutcome.Value, Method: TestMethod.SignFlip or TestMethod.Page };
    }

    /// <summary>The two variants of a test that is forecast.</summary>
    public static (string First, string Second) PairOf(DeclaredTest test)
    {
        ArgumentNullException.ThrowIfNull(test);
        return test.Contrast is DeclaredContrast.Ordered ? (test.Variants[^1], test.Variants[0]) : (test.Variants[0], test.Variants[1]);
    }

    /// <summary>Forecasts a test.</summary>
    internal static TestForecast Of(DeclaredTest test, ContrastData data, PowerGoal goal)
    {
        var (first, second) = PairOf(test);
        double[] differences = IsForecast(test) ? data.Differences(test.Measure, first, second) : [];
        var pilot = PilotForecast.Of(differences, Estimate.Level);
        var status = StatusOf(test, data, differences, pilot, goal);
        var difference = goal.Difference ?? (test.Outcome as DeclaredOutcome.Value)?.SmallestEffect;
        if (status != ForecastStatus.Forecast)
            return new TestForecast(test, status, status == ForecastStatus.Fixed ? pilot with { StandardDeviation = s_undefined } : pilot)
            {
                Power = goal.Power,
                Difference = difference,
                Detectable = [.. goal.Replicates.Select(n => new DetectableAt(n, s_undefined))],
            };
        var (alpha, direction) = (test.Alpha / test.Family, DeclaredTests.Sided(test.Direction));
        return new TestForecast(test, status, pilot)
        {
            Power = goal.Power,
            Difference = difference,
            Detectable = [.. goal.Replicates.Select(n => new DetectableAt(n, pilot.DetectableDifference(n, alpha, direction, goal.Power)))],
            Needed = difference is { } d ? pilot.NeededReplicates(d, alpha, direction, goal.Power) : default,
        };
    }

    private static ForecastStatus StatusOf(DeclaredTest test, ContrastData data, double[] differences, PilotForecast pilot, PowerGoal goal)
    {
        var (first, second) = PairOf(test);
        return test.Outcome is DeclaredOutcome.Survival ? ForecastStatus.Survival
            : test.Method == TestMethod.Equivalence ? ForecastStatus.Equivalence
            : !Has(first) || !Has(second) ? ForecastStatus.VariantMissing
            : !test.Still.IsEmpty ? ForecastStatus.Fixed
            : differences.Length < 2 ? ForecastStatus.TooFewPairs
            : pilot.StandardDeviation.Estimate <= RoundingNoise * differences.Max(Math.Abs) ? ForecastStatus.NoScatter
            : goal.Power <= test.Alpha / test.Family ? ForecastStatus.PowerBelowAlpha
            : ForecastStatus.Forecast;

        bool Has(string variant) => data.Variants.Any(v => v.Name == variant);
    }
}
