using System.Collections.Immutable;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Comparison.Declared;
using AiMe.Lab.Analysis.Comparison.Tables;
using AiMe.Web.Charts;

namespace AiMe.Web.Report;

/// <summary>Forest plots: how far each variant moved, and each declared contrast.</summary>
public static class ForestFigures
{
    /// <summary>Means of the variants by a measure at the compared generation, beside the floor if it has one.</summary>
    public static ForestData Variants(RunComparison comparison, Measure measure, ImmutableDictionary<string, SeriesStyle> styles)
    {
        var isDrift = measure.Key == Measure.BareDrift.Key;
        return new ForestData(
            $"{measure.Title} of each variant at generation {comparison.Generation}",
            $"Mean over instances with its 95% interval: "
                + $"{string.Join("; ", comparison.Variants.Select(v => $"{v.Name} {measure.Show(v.Last(measure))}"))}.",
            isDrift ? $"{measure.Title} (bits): further right has changed more" : AxisTitle.Of(measure),
            [
                .. comparison.Variants.Select(v => new ForestRow(
                    v.Name,
                    isDrift && v.Weights == Weighting.NeverTrained ? "0, never trained" : measure.Show(v.Last(measure)),
                    Counted(comparison, v, measure),
                    v.Last(measure).Mean,
                    v.Last(measure).Low,
                    v.Last(measure).High,
                    IsStrong: true,
                    styles[v.Name]
                )),
            ],
            isDrift ? comparison.Floor : double.NaN,
            isDrift && !double.IsNaN(comparison.Floor) ? "floor: what rewording a question does" : "",
            measure.Percent
        )
        {
            Includes = isDrift ? 0 : double.NaN,
        };
    }

    /// <summary>The declared tests of one measure that have an estimate: the first variant minus the second, against 0.</summary>
    public static ForestData Contrasts(IReadOnlyList<DeclaredTest> tests)
    {
        var measure = tests[0].Measure;
        var bounds = tests
            .Select(t => t.Outcome)
            .OfType<DeclaredOutcome.Value>()
            .Select(o => o.SmallestEffect ?? 0)
            .DefaultIfEmpty(0)
            .Max();
        return new ForestData(
            $"Declared contrasts of {measure.Title}",
            string.Join(" ", tests.Select(t => $"{Label(t)}: {measure.Show(t.Estimate, difference: true)}, {Verdict(t)}.")),
            $"difference in {AxisTitle.Of(measure)}",
            [
                .. tests.Select(t => new ForestRow(
                    Label(t),
                    t.Estimate.N == 0 ? "no estimate" : measure.Show(t.Estimate, difference: true),
                    Note(t),
                    t.Estimate.Mean,
                    t.Estimate.Low,
                    t.Estimate.High,
                    t.Verdict == TestVerdict.Supported
                )),
            ],
            0,
            "no difference",
            measure.Percent
        )
        {
            Margin = bounds,
            AreDifferences = true,
        };
    }

    /// <summary>The numbers behind the variants' plot.</summary>
    public static PlainTable VariantTable(RunComparison comparison, Measure measure) =>
        new(
            ["run", "variant", "generation", "measure", "mean", "low", "high", "n", "planned"],
            [
                .. comparison.Variants.Select(v =>
                    (ImmutableArray<string>)
                        [
                            comparison.Plan.Run,
                            v.Name,
                            Cells.Of(comparison.Generation),
                            measure.Key,
                            Cells.Of(v.Last(measure).Mean),
                            Cells.Of(v.Last(measure).Low),
                            Cells.Of(v.Last(measure).High),
                            Cells.Of(v.Last(measure).N),
                            Cells.Of(v.Planned),
                        ]
                ),
            ]
        );

    /// <summary>What a test allows to be said, for a reader who knows nothing of tests.</summary>
    public static string Verdict(DeclaredTest test) =>
        test.Verdict switch
        {
            TestVerdict.Supported => "established",
            TestVerdict.NotSupported => "not established",
            TestVerdict.Opposite => "not established; opposite to the prediction",
            TestVerdict.CannotReach => $"not established: too few {UnitWords.One(test.IsOverCharters)}s",
            TestVerdict.NotTested => "not tested",
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static string Label(DeclaredTest test) =>
        test.Method == TestMethod.Page
            ? $"{test.Variants[^1]} \u2212 {test.Variants[0]}"
            : $"{test.Variants[0]} \u2212 {test.Variants[^1]}";

    /// <summary>Verdict, corrected p, prediction and number of units of a test.</summary>
    internal static string Note(DeclaredTest test)
    {
        var p = double.IsNaN(test.CorrectedP) ? "" : $", p {Equal(TestWords.P(test.CorrectedP))}";
        var predicted = test.Direction == EffectDirection.Either ? "" : $", predicted {TestWords.Predicted(test.Direction, test.Outcome)}";
        var n = $"n = {test.N}{(test.IsOverCharters ? " charters" : "")}";
        return $"{Verdict(test)}{p}{predicted}, {n}{(test.IsPrimary ? "" : ", secondary")}";
    }

    private static string Equal(string p) => p.StartsWith('<') ? p : $"= {p}";

    private static string Counted(RunComparison comparison, VariantSummary variant, Measure measure) =>
        variant.Last(measure).N == comparison.Plan.Units.Count
            ? ""
            : $"{variant.Last(measure).N} of {comparison.Plan.Units.Count} "
                + (comparison.Plan.Units.AreCharters ? "charters" : "instances");
}
