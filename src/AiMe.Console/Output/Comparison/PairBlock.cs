using System.Collections.Immutable;
using AiMe.Lab.Analysis.Comparison;
using Spectre.Console;

namespace AiMe.Console.Output.Comparison;

/// <summary>Compares the variants in pairs.</summary>
internal static class PairBlock
{
    private const int MostPairs = 6;

    /// <summary>Writes the table; nothing if there are fewer than two variants.</summary>
    public static void Write(IAnsiConsole console, RunComparison comparison, CompareCells cells)
    {
        var (names, columns) = cells.Pairs(console.Profile.Width);
        if (names.IsEmpty)
            return;
        var more = Math.Max(0, names.Length - MostPairs);
        CompareView.Heading(console, "Differences", "first minus second, replicate by replicate [95% interval]");
        var table = CompareView.Bare(console).AddColumn(CompareView.Column("pair"));
        foreach (var measure in columns)
            table.AddColumn(CompareView.Column(measure.Title));
        table.AddColumn(CompareView.Column("bare drift's\ntest"));
        names = [.. names.Take(MostPairs)];
        foreach (var (first, second) in names)
            table.AddRow([
                Pair(console, first, second),
                .. columns.Select(m =>
                    CompareCells.Difference(
                        comparison.Pair(first, second, m),
                        comparison.Pair(first, second, Measure.BareDrift).Difference.N
                    )
                ),
                CompareCells.Test(comparison.Pair(first, second, Measure.BareDrift)),
            ]);
        console.Write(table);
        if (more > 0)
            console.MarkupLineInterpolated(
                $"[dim] The JSON output lists {(more == 1 ? "the other pair" : $"the other {more:N0} pairs")}.[/]"
            );
        if (comparison.ChoosesMeasures && columns.Length < comparison.Measures.Length)
            CompareView.Notes(console, "Other measures: --baseline shows each on its own line, and the JSON output has all of them.");
        CompareView.Notes(console, CompareCells.Family(comparison, names, columns));
    }

    private static Markup Pair(IAnsiConsole console, string first, string second) =>
        new(
            $"{Markup.Escape(CompareCells.Folded(first, console.Profile.Width))} "
                + $"[dim]-[/]\n{Markup.Escape(CompareCells.Folded(second, console.Profile.Width))}"
        );
}
