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
            if (Lost(curves) is { Length: > 0 } lost)
                CompareView.Notes(console, lost);
        }
    }

    // Without it, an instance that fell silent would pass for one that stayed on this side of the bound.
    private static string Lost(ImmutableArray<SurvivalCurve> curves)
    {
        var lost = string.Join(", ", curves.Where(c => c.Undefined > 0).Select(c => $"{c.Undefined} of {c.Variant}"));
        return lost.Length == 0
            ? ""
            : $"Did not cross it and have no {curves[0].Measure.Title} in their last round, where it is undefined: {lost}. They are "
                + "censored at their last value; without any they are left out.";
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
