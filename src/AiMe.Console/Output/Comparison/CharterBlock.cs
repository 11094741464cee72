using System.Collections.Immutable;
using AiMe.Lab.Analysis.Comparison;
using Spectre.Console;

namespace AiMe.Console.Output.Comparison;

/// <summary>The difference of two variants, charter by charter.</summary>
internal static class CharterBlock
{
    private const int Most = 20;

    /// <summary>Writes the table; nothing unless charters are compared.</summary>
    public static void Write(IAnsiConsole console, RunComparison comparison)
    {
        var contrasts = comparison.CharterContrasts;
        if (contrasts.All(c => c.Charters.IsEmpty))
            return;
        var replicates = comparison.Plan.ReplicatesOfCharter;
        CompareView.Heading(
            console,
            "By charter",
            $"first minus second, the mean over {(replicates == 1 ? "one replicate" : $"{replicates} replicates")}"
        );
        ImmutableArray<string> all = [.. contrasts.SelectMany(c => c.Charters).Select(c => c.Charter).Distinct(StringComparer.Ordinal)];
        ImmutableArray<string> names = [.. all.Take(Most)];
        Sheet.Write(
            console,
            new SheetColumn("charter", [.. names.Select(n => new Figure(n)), new("between charters"), new("within charters")]),
            [
                .. contrasts.Select(c => new SheetColumn(
                    $"{c.Measure.Title}\n{c.First} - {c.Second}",
                    [
                        .. names.Select(n => Cell(c, c.Charters.FirstOrDefault(d => d.Charter == n), replicates)),
                        new(c.Measure.ShowDifference(c.Scatter.Between)),
                        new(c.Measure.ShowDifference(c.Scatter.Within)),
                    ]
                )),
            ]
        );
        var more = all.Length > Most ? $" {all.Length - Most} more charters are in --json." : "";
        CompareView.Notes(
            console,
            "Between, within: standard deviations of the replicates' differences; between is 0 if charters differ no more than chance."
                + more
        );
    }

    private static Figure Cell(CharterContrast contrast, CharterDifference? difference, int planned) =>
        difference is null
            ? new Figure("-")
            : new Figure(
                contrast
                    .Measure.Parts(new Estimate(difference.Difference, double.NaN, double.NaN, difference.Replicates), difference: true)
                    .Mean,
                difference.Replicates == planned ? "" : $"({difference.Replicates})"
            );
}
