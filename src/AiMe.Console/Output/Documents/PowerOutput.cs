using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Power;
using AiMe.Metrics.Statistics;

namespace AiMe.Console.Output.Documents;

/// <summary>What a pilot says of the power of a planned run.</summary>
/// <param name="Pilot">Id of the pilot.</param>
/// <param name="PilotReplicates">Planned instances of a variant in the pilot.</param>
/// <param name="Planned">Id of the planned run; the pilot's if it is forecast for itself.</param>
/// <param name="Differing">What differs between the two plans, in words; empty if they are the same.</param>
/// <param name="Generation">The generation of the pilot at which the scatter is taken.</param>
/// <param name="DeclaredGeneration">The generation of the planned tests; greater if the pilot did not reach it.</param>
/// <param name="Power">The wanted probability of a significant result.</param>
/// <param name="Confidence">Coverage of the interval of the standard deviation, which the others follow; a fraction.</param>
/// <param name="Tests">Primary tests first.</param>
internal sealed record PowerOutput(
    string Pilot,
    int PilotReplicates,
    string Planned,
    IReadOnlyList<string> Differing,
    int Generation,
    int DeclaredGeneration,
    double Power,
    double Confidence,
    IReadOnlyList<ForecastOutput> Tests
) : OutputDocument
{
    public static PowerOutput Of(PowerForecast f) =>
        new(
            f.Pilot.Run,
            f.Pilot.Replicates,
            f.Planned.Run,
            f.Differing,
            f.Generation,
            f.DeclaredGeneration,
            f.Goal.Power,
            Estimate.Level,
            [.. f.Tests.Select(ForecastOutput.Of)]
        );
}

/// <summary>The power of a test.</summary>
/// <param name="Measure">Key of the measure of the outcome.</param>
/// <param name="Contrast"><c>pair</c>, <c>ordered</c> (forecast for the last variant against the first) or <c>equivalent</c>.</param>
/// <param name="Variants">In the order of the contrast.</param>
/// <param name="Direction">What was predicted of the first variant, or of later ones in an order.</param>
/// <param name="Declared">Whether the test is declared; else it is exploratory.</param>
/// <param name="Primary">Whether it belongs to the primary family.</param>
/// <param name="Status">Whether there is a forecast; if not, why, and its figures are null.</param>
/// <param name="Family">Number of tests in its family.</param>
/// <param name="Alpha">Level of the test: the familywise one divided by the family, Holm's hardest step.</param>
/// <param name="N">Replicates of the pilot that have the outcome in both variants.</param>
/// <param name="StandardDeviation">Of the pilot's paired differences.</param>
/// <param name="Detectable">By number of replicates.</param>
/// <param name="Difference">The difference that a later run should find; null if none is declared or asked for.</param>
/// <param name="Needed">The replicates that it needs.</param>
/// <param name="Text">In words.</param>
internal sealed record ForecastOutput(
    string Measure,
    string Contrast,
    IReadOnlyList<string> Variants,
    EffectDirection Direction,
    bool Declared,
    bool Primary,
    ForecastStatus Status,
    int Family,
    double Alpha,
    int N,
    PilotFigure StandardDeviation,
    IReadOnlyList<DetectableOutput> Detectable,
    double? Difference,
    PilotCount Needed,
    string Text
)
{
    public static ForecastOutput Of(TestForecast f) =>
        new(
            f.Test.Measure.Key,
            f.Test.Contrast switch
            {
                DeclaredContrast.Ordered => "ordered",
                DeclaredContrast.Equivalent => "equivalent",
                _ => "pair",
            },
            f.Test.Variants,
            f.Test.Direction,
            f.IsDeclared,
            f.IsDeclared && f.Test.IsPrimary,
            f.Status,
            f.Test.Family,
            f.Alpha,
            f.Pilot.Replicates,
            PilotFigure.Of(f.Pilot.StandardDeviation),
            [.. f.Detectable.Select(d => new DetectableOutput(d.Replicates, d.CannotReach, PilotFigure.Of(d.Difference)))],
            f.Difference,
            new PilotCount(f.Needed.Low, f.Needed.Estimate, f.Needed.High),
            PowerWords.Of(f)
        );
}

/// <summary>The smallest difference that a number of replicates finds, in the unit of the measure, without sign.</summary>
/// <param name="Replicates">Of the later run.</param>
/// <param name="CannotReach">Whether no result of so few replicates can be significant; its figures are null.</param>
/// <param name="Size">The difference.</param>
internal sealed record DetectableOutput(int Replicates, bool CannotReach, [property: Flattened] PilotFigure Size);

/// <summary>A figure that follows from a pilot, with the bounds of its uncertainty.</summary>
/// <param name="Low">Lower bound; null if undefined.</param>
/// <param name="Estimate">Null if undefined.</param>
/// <param name="High">Upper bound; null if undefined.</param>
internal sealed record PilotFigure(double? Low, double? Estimate, double? High)
{
    public static PilotFigure Of(PilotEstimate<double> e) => new(e.Low, e.Estimate, e.High);
}

/// <summary>A number of replicates that follows from a pilot, with the bounds of its uncertainty.</summary>
/// <param name="Low">Lower bound; null without a difference or a forecast, and beyond 10,000.</param>
/// <param name="Estimate">Null in the same cases.</param>
/// <param name="High">Upper bound; null in the same cases.</param>
internal sealed record PilotCount(int? Low, int? Estimate, int? High);
