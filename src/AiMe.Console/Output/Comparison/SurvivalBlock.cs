using System.Collections.Immutable;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Comparison.Declared;
using Spectre.Console;

namespace AiMe.Console.Output.Comparison;

/// <summary>The survival curves of the declared outcomes.</summary>
internal static class SurvivalBlock
{
    private const int MostBars = 30;

    /// <summary>Writes a table for each outcome; nothing if no survival was declared.</summary>
    public static void Write(IAnsiConsole console, RunComparison comparison)
    {
        foreach (var outcome in comparison.Survival.GroupBy(c => c.Outcome))
        {
            ImmutableArray<SurvivalCurve> curves = [.. outcome];
            CompareView.Heading(
                console,
                $"Survival: {TestWords.Crossing(outcome.Key, curves[0].Measure)}",
                "share that has not crossed it (Kaplan-Meier)"
            );
            Sheet.Write(
                console,
                new SheetColumn("variant", [.. curves.Select(c => new Figure(CompareCells.Folded(c.Variant, console.Profile.Width)))]),
                [
                    new SheetColumn("crossed", [.. curves.Select(c => new Figure($"{c.Crossed} of {c.N}"))]),
                    new SheetColumn(
                        $"by gen. (0 to {comparison.Generation})",
                        [.. curves.Select(c => new Figure("", "", Bars(comparison, c, console.Profile.Capabilities.Unicode)))]
                    ),
                    new SheetColumn($"at gen. {comparison.Generation}", [.. curves.Select(c => Last(c, comparison.Generation))]),
                ]
            );
        }
    }

    private static string Bars(RunComparison comparison, SurvivalCurve curve, bool unicode) =>
        Sparkline.Of([.. Enumerable.Range(0, comparison.Generation + 1).Select(curve.At)], 1, MostBars, unicode);

    private static Figure Last(SurvivalCurve curve, int generation)
    {
        var point = curve.Steps.LastOrDefault(s => s.Time <= generation);
        return new Figure(
            $"{Measure.Empty.Show(curve.At(generation))}"
                + $"{(point.Low > 0 ? $" [{Measure.Empty.Show(point.Low)}, {Measure.Empty.Show(point.High)}]" : "")}"
        );
    }
}
