using System.Collections.Immutable;
using System.Globalization;
using AiMe.Lab;
using AiMe.Mind;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AiMe.Console.Views;

/// <summary>A comparison for people: what drift is, the table, and what it shows in words.</summary>
public static class CompareView
{
    private const int MostPairs = 6;

    /// <summary>Writes a comparison; fits 80 columns and wider.</summary>
    public static void Write(IAnsiConsole console, Comparison comparison)
    {
        Title(console, comparison);
        if (comparison.Generation > 0)
            Figures(console, comparison);
        Bullets(console, comparison);
    }

    private static void Figures(IAnsiConsole console, Comparison comparison)
    {
        var at = $"at generation {comparison.Generation} of {comparison.Plan.Rounds}";
        var cells = new CompareCells(comparison, console.Profile.Capabilities.Unicode);
        if (console.Profile.Width >= CompareCells.OneTable + comparison.Variants.Max(v => v.Name.Length))
        {
            Heading(console, $"Identity and behaviour {at}", "mean over lives [95% interval]");
            Table(console, comparison, [.. cells.Identity, .. cells.Behaviour(intervals: true)], cells.FloorRow);
        }
        else
        {
            Heading(console, $"Identity {at}", "mean over lives [95% interval]");
            Table(console, comparison, cells.Identity, cells.FloorRow);
            Heading(console, $"Behaviour in round {comparison.Generation}", $"mean over lives, {cells.PlusMinus} half of the 95% interval");
            Table(console, comparison, cells.Behaviour(intervals: false), floor: null);
        }

        Legend(console, cells);
        Pairs(console, comparison, cells);
    }

    private static void Title(IAnsiConsole console, Comparison comparison)
    {
        var (plan, lives) = (comparison.Plan, comparison.Lives);
        var parked = lives.Count(l => l.Status == LifeStatus.Parked);
        var living = lives.Count(l => l.Status == LifeStatus.Living);
        string[] fates = [.. new[] { (lives.Length - parked - living, "finished"), (living, "living"), (parked, "ended early") }.Where(f => f.Item1 > 0).Select(f => $"{f.Item1} {f.Item2}")];
        var experiences = comparison.Experiences.ToString("N0", CultureInfo.InvariantCulture);
        console.MarkupLineInterpolated($"[bold]{plan.Run}[/]  {Count(plan.Variants.Length, "variant")} x {Count(plan.Replicates, "replicate")} = {Lives(lives.Length)} ({string.Join(", ", fates)})");
        console.MarkupLineInterpolated($"[dim]{experiences} experiences, {Count(plan.Rounds, "generation")} after birth, digest {(comparison.Digest is { } d ? d[..Math.Min(12, d.Length)] : "none yet: the run has not ended")}[/]");
        console.WriteLine();
        console.Write(new Text(Findings.Opening));
        console.WriteLine();
    }

    private static void Table(IAnsiConsole console, Comparison comparison, ImmutableArray<CompareColumn> columns, Func<int, IRenderable[]>? floor)
    {
        var table = Bare(console).AddColumn(Column("variant"));
        foreach (var column in columns)
            table.AddColumn(Column(column.Header));
        foreach (var variant in comparison.Variants)
            table.AddRow([new Markup($"[bold]{Markup.Escape(CompareCells.Folded(variant.Name, console.Profile.Width))}[/]\n[dim]{Lives(comparison, variant)}[/]"), .. columns.Select(c => c.Cell(variant))]);
        if (floor is not null)
            table.AddRow(floor(columns.Length));
        console.Write(table);
    }

    private static void Heading(IAnsiConsole console, string what, string how)
    {
        console.WriteLine();
        console.MarkupLineInterpolated($"[bold]{what}[/]  [dim]{how}[/]");
    }

    private static string Lives(Comparison comparison, VariantSummary variant)
    {
        var n = variant.Last(Measure.BareDrift).N;
        return n == comparison.Plan.Replicates ? Lives(n) : $"{n} of {Lives(comparison.Plan.Replicates)}";
    }

    private static string Lives(int n) => n == 1 ? "1 life" : $"{n} lives";

    private static string Count(int n, string one) => $"{n} {one}{(n == 1 ? "" : "s")}";

    private static void Legend(IAnsiConsole console, CompareCells cells)
    {
        var dim = new Style(decoration: Decoration.Dim);
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().Padding(1, 0, 2, 0)).AddColumn(new GridColumn().Padding(0, 0, 0, 0));
        foreach (var (term, meaning) in cells.Legend)
            grid.AddRow(new Text(term, dim), new Text(meaning, dim));
        console.Write(grid);
    }

    private static void Pairs(IAnsiConsole console, Comparison comparison, CompareCells cells)
    {
        var (names, columns) = cells.Pairs(console.Profile.Width);
        if (names.IsEmpty)
            return;
        var more = Math.Max(0, names.Length - MostPairs);
        Heading(console, "Differences", "first minus second, replicate by replicate [95% interval]");
        var table = Bare(console).AddColumn(Column("pair"));
        foreach (var measure in columns)
            table.AddColumn(Column(measure.Title));
        table.AddColumn(Column("bare drift's\ntest"));
        names = [.. names.Take(MostPairs)];
        foreach (var (first, second) in names)
            table.AddRow([Pair(console, first, second), .. columns.Select(m => CompareCells.Difference(comparison.Pair(first, second, m))), CompareCells.Test(comparison.Pair(first, second, Measure.BareDrift))]);
        console.Write(table);
        if (more > 0)
            console.MarkupLineInterpolated($"[dim] {Count(more, "more pair")} in the JSON.[/]");
        console.Write(new Padder(new Text(CompareCells.Family(comparison, names), new Style(decoration: Decoration.Dim)), new Padding(1, 0, 0, 0)));
    }

    private static Markup Pair(IAnsiConsole console, string first, string second) =>
        new($"{Markup.Escape(CompareCells.Folded(first, console.Profile.Width))} [dim]-[/]\n{Markup.Escape(CompareCells.Folded(second, console.Profile.Width))}");

    private static void Bullets(IAnsiConsole console, Comparison comparison)
    {
        console.WriteLine();
        console.MarkupLine("[bold]What this shows[/]");
        var grid = new Grid().AddColumn(new GridColumn().Width(1).Padding(1, 0, 1, 0)).AddColumn(new GridColumn().Padding(0, 0, 0, 0));
        foreach (var finding in Findings.Of(comparison))
            grid.AddRow(new Text("-"), new Text(finding.Text, finding.About is "replicates" or "incomplete" ? new Style(Color.Yellow) : Style.Plain));
        console.Write(grid);
    }

    private static TableColumn Column(string header) => new TableColumn(new Text(header)).NoWrap().PadLeft(0).PadRight(1);

    private static Table Bare(IAnsiConsole console) => new Table().Border(console.Profile.Capabilities.Unicode ? TableBorder.Horizontal : PlainLines.Border).BorderStyle(new Style(decoration: Decoration.Dim));
}
