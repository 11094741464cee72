using System.Collections.Immutable;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Comparison.Declared;
using Spectre.Console;

namespace AiMe.Console.Output.Comparison;

/// <summary>Compares every other variant with the baseline, measure by measure.</summary>
internal static class BaselineBlock
{
    /// <summary>Writes a table for each variant.</summary>
    public static void Write(IAnsiConsole console, RunComparison comparison)
    {
        var baseline = comparison.Baseline!;
        ImmutableArray<VariantSummary> others = [.. comparison.Variants.Where(v => v.Name != baseline)];
        CompareView.Heading(
            console,
            $"Against {baseline}",
            $"each variant minus {baseline}, {UnitWords.Paired(comparison.Plan)} [95% interval]"
        );
        if (others.IsEmpty)
            console.MarkupLine("[dim] No other variant is shown.[/]");
        foreach (var variant in others)
        {
            if (variant != others[0])
                console.WriteLine();
            One(console, comparison, variant);
        }

        if (!others.IsEmpty)
            CompareView.Notes(console, Notes(comparison, others));
    }

    private static void One(IAnsiConsole console, RunComparison comparison, VariantSummary variant)
    {
        (Measure Measure, PairSummary Pair, EffectSize Effect)[] rows =
        [
            .. comparison
                .BaselineMeasures.Select(m => (m, comparison.Against(variant.Name, m)!))
                .Select(r => (r.m, r.Item2, r.Item2.Effect)),
        ];
        var wide = console.Profile.Width >= CompareCells.OneTable;
        List<SheetColumn> columns =
        [
            new("difference", [.. rows.Select(r => Line(Figure.Of(r.Measure, r.Pair.Difference, difference: true)))]),
            new("g_z", [.. rows.Select(r => Line(G(r.Effect.G)))]),
            new("higher in", [.. rows.Select(r => new Figure(Higher(r.Pair)))]),
        ];
        if (wide)
            columns.Add(new("rank-biserial", [.. rows.Select(r => new Figure(Plain(r.Effect.RankBiserial)))]));
        Sheet.Write(
            console,
            new SheetColumn(CompareCells.Folded(variant.Name, console.Profile.Width), [.. rows.Select(r => new Figure(r.Measure.Title))]),
            columns
        );
        foreach (var row in rows.Where(r => r.Pair.Declared))
            console.MarkupLine($" [dim]test of {row.Measure.Title} (declared):[/] {Test(row.Pair)}");
    }

    // Figure and interval on one line keep a table of many measures short.
    private static Figure Line(Figure figure) => figure.Note.Length == 0 ? figure : new Figure($"{figure.Main} {figure.Note}");

    private static Figure G(Estimate g) => new(Plain(g.Mean), g.HasInterval ? $"[{Plain(g.Low)}, {Plain(g.High)}]" : "");

    private static string Plain(double value) =>
        double.IsNaN(value) ? "-" : (Math.Round(value, 2) + 0.0).ToString(Math.Abs(value) < 100 ? "0.00" : "0");

    private static string Higher(PairSummary pair)
    {
        if (pair.Differences.IsEmpty)
            return "-";
        var ties = pair.Differences.Count(d => d == 0);
        return ties == pair.Differences.Length
            ? "all equal"
            : $"{pair.Differences.Count(d => d > 0)} of {pair.Differences.Length}{(ties > 0 ? $", {ties} =" : "")}";
    }

    private static string Test(PairSummary pair) =>
        pair.IsFixed
            ? $"{Markup.Escape(string.Join(" and ", pair.Still))} cannot change, not tested"
            : $"p {TestWords.P(pair.CorrectedP)}, {pair.Test!.Verdict switch
    {
        TestVerdict.Supported => "[green]they differ[/]",
        TestVerdict.CannotReach => $"[yellow]cannot reach significance with {pair.Difference.N} pairs[/]",
        TestVerdict.Opposite => "[yellow]opposite to what was predicted[/]",
        _ => "no claim",
    }}";

    private static string Notes(RunComparison comparison, ImmutableArray<VariantSummary> others)
    {
        ImmutableArray<PairSummary> pairs =
        [
            .. others.SelectMany(v => comparison.BaselineMeasures.Select(m => comparison.Against(v.Name, m)!)),
        ];
        List<string> lines =
        [
            "g_z: the difference in standard deviations of the differences, corrected for few replicates (Hedges). It measures "
                + "consistency across replicates, not importance. Higher in: replicates in which the variant is higher.",
            pairs.Any(p => p.Declared)
                ? "Only what has a p was declared"
                    + (
                        comparison.Family > 1
                            ? "; it is corrected for every declared test of its family in the run, shown or not (Holm)"
                            : ""
                    )
                    + ". Everything else, including effect sizes, is exploratory."
                : "No comparison shown here was declared for testing: there is no p, and everything is exploratory.",
        ];
        var fixedSide = pairs.Any(p => p.IsFixed && p.Difference.Mean != 0);
        var undefined = pairs.Any(p => !p.IsFixed && double.IsNaN(p.Effect.G.Mean));
        if (fixedSide && undefined)
            lines.Add("g_z is omitted if one side cannot vary, if there are fewer than 3 replicates, or if all differences are equal.");
        else if (fixedSide)
            lines.Add("g_z is omitted if one side cannot vary.");
        else if (undefined)
            lines.Add("g_z is omitted if there are fewer than 3 replicates, or if all differences are equal.");
        return string.Join(' ', lines);
    }
}
