using System.Collections.Immutable;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Comparison.Declared;
using AiMe.Lab.Analysis.Comparison.Tables;
using AiMe.Web.Charts;

namespace AiMe.Web.Report;

/// <summary>Survival curves of a declared outcome: a chart and the numbers behind it.</summary>
public static class SurvivalFigure
{
    /// <summary>The chart of the curves of one outcome.</summary>
    public static SurvivalData Chart(
        RunComparison comparison,
        IReadOnlyList<SurvivalCurve> curves,
        ImmutableDictionary<string, SeriesStyle> styles
    )
    {
        var crossing = TestWords.Crossing(curves[0].Outcome, curves[0].Measure);
        return new SurvivalData(
            $"Survival: {crossing}",
            "Share of instances that have not crossed the bound (Kaplan-Meier), with pointwise 95% intervals. "
                + $"{string.Join("; ", curves.Select(c => $"{c.Variant}: {c.Crossed} of {c.N} crossed"))}.",
            "generation",
            "not crossed",
            [
                .. curves.Select(c => new SurvivalSeries(
                    c.Variant,
                    styles[c.Variant],
                    [.. c.Steps.Select(s => new SurvivalChartStep(s.Time, s.Survival, s.Low, s.High, s.Censored))],
                    [.. Enumerable.Range(0, comparison.Generation + 1).Select(g => AtRisk(c, g))]
                )),
            ],
            comparison.Generation
        );
    }

    /// <summary>The numbers: a row a variant and step.</summary>
    public static PlainTable Table(RunComparison comparison, IReadOnlyList<SurvivalCurve> curves) =>
        new(
            ["run", "outcome", "variant", "generation", "at_risk", "crossed", "censored", "survival", "low", "high"],
            [
                .. from curve in curves
                from step in curve.Steps
                select (ImmutableArray<string>)
                    [
                        comparison.Plan.Run,
                        TestWords.Crossing(curve.Outcome, curve.Measure),
                        curve.Variant,
                        Cells.Of(step.Time),
                        Cells.Of(step.AtRisk),
                        Cells.Of(step.Events),
                        Cells.Of(step.Censored),
                        Cells.Of(step.Survival),
                        Cells.Of(step.Low),
                        Cells.Of(step.High),
                    ],
            ]
        );

    // Those at risk at a generation are all that were not seen to cross, or for the last time, before it.
    private static int AtRisk(SurvivalCurve curve, int generation) =>
        curve.N - curve.Steps.Where(s => s.Time < generation).Sum(s => s.Events + s.Censored);
}
