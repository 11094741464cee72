using System.Collections.Immutable;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Comparison.Treatments;
using Spectre.Console;

namespace AiMe.Console.Output.Comparison;

/// <summary>The effects of the scheduled interventions, from the generation on that they can change.</summary>
internal static class TreatmentBlock
{
    /// <summary>Writes a table for each treatment and control; nothing if none can have had an effect yet.</summary>
    /// <param name="all">Whether to write every generation; else the first and the last that it can change.</param>
    public static void Write(IAnsiConsole console, RunComparison comparison, bool all)
    {
        foreach (var group in comparison.Treatments.GroupBy(e => (e.Treatment, e.Control)))
        {
            var (treatment, control) = group.Key;
            ImmutableArray<TreatmentEffect> effects = [.. group];
            CompareView.Heading(
                console,
                $"Intervention before cycle {treatment.Cycle}: {treatment.Variant} minus {control}",
                $"change since generation {treatment.First - 1}, the last before it [95% interval]; exploratory"
            );
            CompareView.Notes(console, $"{treatment.Variant} {treatment.Words}");
            int[] generations = all
                ? [.. Enumerable.Range(0, comparison.Generation + 1)]
                : [.. new[] { treatment.First, comparison.Generation }.Distinct()];
            Sheet.Write(
                console,
                new SheetColumn("measure", [.. effects.Select(e => new Figure(e.Measure.Title))]),
                [
                    new SheetColumn(
                        $"before\n(gen. {treatment.First - 1})",
                        [.. effects.Select(e => Figure.Of(e.Measure, e.Before, true))]
                    ),
                    .. generations.Select(g => new SheetColumn(
                        $"change\nat gen. {g}",
                        [.. effects.Select(e => Figure.Of(e.Measure, e.ByGeneration[g], true))]
                    )),
                    new SheetColumn($"mean of\ngen. {treatment.First} to {comparison.Generation}", [.. effects.Select(Mean)]),
                ]
            );
        }
    }

    private static Figure Mean(TreatmentEffect effect)
    {
        var figure = Figure.Of(effect.Measure, effect.After, difference: true);
        return double.IsNaN(effect.P) ? figure : figure with { Note = $"{figure.Note}\np = {Short(effect.P)}" };
    }

    private static string Short(double p) => p.ToString(p < 0.001 ? "0.0000" : "0.###", System.Globalization.CultureInfo.InvariantCulture);
}
