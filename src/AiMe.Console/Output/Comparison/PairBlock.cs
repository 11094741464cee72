using System.Collections.Immutable;
using AiMe.Lab.Analysis.Comparison;
using Spectre.Console;

namespace AiMe.Console.Output.Comparison;

/// <summary>Compares the variants in pairs.</summary>
internal static class PairBlock
{
    /// <summary>Writes the table; nothing if there are fewer than two variants.</summary>
    public static void Write(IAnsiConsole console, RunComparison comparison)
    {
        ImmutableArray<(string First, string Second)> names =
        [
            .. comparison.Pairs.Where(p => p.Measure.Key == Measure.BareDrift.Key).Select(p => (p.First, p.Second)),
        ];
        if (names.IsEmpty)
            return;
        CompareView.Heading(console, "Differences", $"first minus second, {UnitWords.Paired(comparison.Plan)} [95% interval]");
        Sheet.Write(
            console,
            new SheetColumn("pair", [.. names.Select(p => new Figure($"{Short(p.First)} -\n{Short(p.Second)}"))]),
            [
                .. CompareCells
                    .Differences(comparison)
                    .Select(m => new SheetColumn(
                        m.Title,
                        [
                            .. names.Select(p =>
                                CompareCells.Difference(
                                    comparison.Pair(p.First, p.Second, m),
                                    comparison.Pair(p.First, p.Second, Measure.BareDrift).Difference.N
                                )
                            ),
                        ]
                    )),
            ]
        );
        CompareView.Notes(
            console,
            "A difference without a declared test is exploratory."
                + (
                    comparison.Pairs.Any(p => p.IsFixed && p.Difference.Mean != 0)
                        ? " One fixed: the weights of one variant do not change, so nothing is compared."
                        : ""
                )
        );

        string Short(string name) => CompareCells.Folded(name, console.Profile.Width);
    }
}
