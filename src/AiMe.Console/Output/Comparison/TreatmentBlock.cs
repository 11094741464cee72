using System.Collections.Immutable;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Comparison.Treatments;
using Spectre.Console;

namespace AiMe.Console.Output.Comparison;

/// <summary>The effects of the scheduled interventions, from the generation on that they can change.</summary>
internal static class TreatmentBlock
{
    private const int MostBars = 20;
    private const int MostGenerations = 4;

    /// <summary>Writes a table for each treatment and control; nothing if none can have had an effect yet.</summary>
    /// <param name="all">Whether to write every generation; else those of the effect, the first few.</param>
    public static void Write(IAnsiConsole console, RunComparison comparison, bool all)
    {
        foreach (var group in comparison.Treatments.GroupBy(e => (e.Treatment, e.Control)))
        {
            var (treatment, control) = group.Key;
            ImmutableArray<TreatmentEffect> effects = [.. group];
            CompareView.Heading(
                console,
                $"Intervention before cycle {treatment.Cycle}, in {treatment.Variant}",
                $"minus {control}, change since generation {treatment.First - 1}, the last before it [95% interval]"
            );
            CompareView.Notes(console, $"{treatment.Variant} {treatment.Words}");
            int[] generations = all
                ? [.. Enumerable.Range(0, comparison.Generation + 1)]
                : [.. Enumerable.Range(treatment.First, comparison.Generation - treatment.First + 1).Take(MostGenerations)];
            Sheet.Write(
                console,
                new SheetColumn("measure", [.. effects.Select(e => new Figure(e.Measure.Title))]),
                [
                    new SheetColumn(
                        $"before\n(gen. {treatment.First - 1})",
                        [.. effects.Select(e => Figure.Of(e.Measure, e.Before, true))]
                    ),
                    .. generations.Select(g => new SheetColumn(
                        $"gen. {g}",
                        [.. effects.Select(e => Figure.Of(e.Measure, e.ByGeneration[g], true))]
                    )),
                    new SheetColumn(
                        $"mean of\ngen. {treatment.First} to {comparison.Generation}",
                        [.. effects.Select(e => Figure.Of(e.Measure, e.After, true, Bars(e, console.Profile.Capabilities.Unicode)))]
                    ),
                    new SheetColumn("p", [.. effects.Select(e => new Figure(double.IsNaN(e.P) ? "-" : Short(e.P)))]),
                ]
            );
        }
    }

    // By the size of the change: a sparkline has no negative values.
    private static string Bars(TreatmentEffect effect, bool unicode)
    {
        double[] sizes = [.. effect.ByGeneration.Select(e => Math.Abs(e.Mean))];
        var most = sizes.Where(s => !double.IsNaN(s)).DefaultIfEmpty(0).Max();
        return most > 0 ? Sparkline.Of([.. sizes], most, MostBars, unicode) : "";
    }

    private static string Short(double p) => p.ToString(p < 0.001 ? "0.0000" : "0.###", System.Globalization.CultureInfo.InvariantCulture);
}
