using System.Collections.Immutable;
using System.Globalization;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Comparison.Declared;
using Spectre.Console;

namespace AiMe.Console.Output.Comparison;

/// <summary>Every declared test with its figures.</summary>
internal static class DeclaredBlock
{
    /// <summary>Writes the table, and what the tests assume; nothing if nothing was declared here.</summary>
    public static void Write(IAnsiConsole console, RunComparison comparison)
    {
        if (comparison.Tests.IsEmpty)
            return;
        var from = comparison.Plan.Analysis is null ? "by default: the plan declares nothing" : "in the experiment file";
        CompareView.Heading(console, "Declared tests", $"{from}; {Level(comparison)}");
        Sheet.Write(console, Label(comparison, console.Profile.Width), Columns(comparison.Tests));
        CompareView.Notes(console, Notes(comparison));
    }

    /// <summary>The column of contrasts and outcomes.</summary>
    public static SheetColumn Label(RunComparison comparison, int width) =>
        new(
            "outcome\ncontrast",
            [
                .. comparison.Tests.Select(t => new Figure(
                    Outcome(t),
                    width >= CompareCells.OneTable
                        ? TestWords.Contrast(t)
                        : string.Join("\n", t.Variants.Select((v, i) => i == 0 ? v : $"{TestWords.Sign(t)} {v}"))
                )),
            ]
        );

    /// <summary>The outcome, and whether it is secondary.</summary>
    public static string Outcome(DeclaredTest test) => $"{TestWords.Outcome(test)}{(test.IsPrimary ? "" : " (secondary)")}";

    /// <summary>The other columns.</summary>
    public static ImmutableArray<SheetColumn> Columns(ImmutableArray<DeclaredTest> tests)
    {
        return
        [
            Column("n", t => new Figure(t.N.ToString(CultureInfo.InvariantCulture))),
            Column("estimate\n[interval]", t => Figure.Of(t.Measure, t.Estimate, difference: true)),
            Column("test", t => new Figure(TestWords.Method(t), TestWords.Statistic(t))),
            Column("p", t => new Figure(TestWords.P(t.P))),
            Column("p after\nHolm", t => new Figure(TestWords.P(t.CorrectedP))),
            Column("smallest\np", t => new Figure(TestWords.P(t.SmallestP))),
            Column("true\nsize", t => new Figure(TestWords.P(t.AttainableSize))),
            Column("verdict", t => new Figure(TestWords.Verdict(t))),
        ];

        SheetColumn Column(string header, Func<DeclaredTest, Figure> cell) => new(header, [.. tests.Select(cell)]);
    }

    private static string Level(RunComparison comparison) =>
        $"familywise level {comparison.Analysis.Alpha.ToString("0.####", CultureInfo.InvariantCulture)}";

    private static string Notes(RunComparison comparison)
    {
        List<string> lines =
        [
            "Smallest p: what so many replicates, with their ties, can give at best. "
                + "True size: how often, at most, the uncorrected test rejects if its null hypothesis holds.",
        ];
        if (comparison.Tests.Any(t => t.Direction != EffectDirection.Either))
            lines.Add("A test with a predicted direction is one-sided.");
        if (comparison.Tests.Any(t => t.Method == TestMethod.Equivalence))
            lines.Add("The interval of an equivalence test has the level 1 - 2 alpha, and decides it.");
        return string.Join(' ', lines);
    }
}
