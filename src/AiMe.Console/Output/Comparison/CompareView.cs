using System.Collections.Immutable;
using System.Globalization;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.History;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AiMe.Console.Output.Comparison;

/// <summary>Prints a comparison: the definition of drift, the table, and the findings in words.</summary>
public static class CompareView
{
    /// <summary>Writes a whole comparison; fits 80 columns and wider.</summary>
    public static void Write(IAnsiConsole console, RunComparison comparison) => Write(console, comparison, Selection.All, PageForm.Usual);

    /// <summary>Writes the selected part of a comparison.</summary>
    /// <param name="whole">The comparison of all variants.</param>
    public static void Write(IAnsiConsole console, RunComparison whole, Selection selection, PageForm form)
    {
        var shown = whole.Select(selection);
        Title(console, whole);
        Chosen(console, whole, shown, selection);
        if (shown.Variants.IsEmpty)
            return;
        if (form.HasFlag(PageForm.Explained))
            console.Write(new Padder(new Text(Findings.Opening), new Padding(0, 1, 0, 0)));
        if (shown.Generation > 0)
            Figures(console, shown, form);
        Bullets(console, shown, form);
        if (shown.Generation == 0)
            WhatToDo(console, shown);
        else if (!form.HasFlag(PageForm.Explained))
            console.MarkupLine("\n[dim]--explain: the meaning of the columns, every test, every pair, and more findings.[/]");
    }

    private static void Figures(IAnsiConsole console, RunComparison comparison, PageForm form)
    {
        if (form.HasFlag(PageForm.Wide) || comparison.ChoosesMeasures)
            Measures(console, comparison, form);
        else
            Usual(console, comparison, form);
        CharterBlock.Write(console, comparison);
        TreatmentBlock.Write(console, comparison, all: form.HasFlag(PageForm.Explained));
        SurvivalBlock.Write(console, comparison);
        SignatureBlock.Write(console, comparison, all: form.HasFlag(PageForm.Explained));
        if (form.HasFlag(PageForm.Explained))
            DeclaredBlock.Write(console, comparison);
        PredictionBlock.Write(console, comparison);
        if (comparison.Baseline is not null)
            BaselineBlock.Write(console, comparison);
        else if (form.HasFlag(PageForm.Explained))
            PairBlock.Write(console, comparison);
        if (form.HasFlag(PageForm.Explained))
            BatteryBlock.Write(console, comparison);
    }

    private static void Measures(IAnsiConsole console, RunComparison comparison, PageForm form)
    {
        var (columns, wide) = (new MeasureColumns([comparison], console.Profile.Capabilities.Unicode), form.HasFlag(PageForm.Wide));
        Heading(
            console,
            $"At generation {comparison.Generation} of {comparison.Plan.Rounds}",
            $"mean over {(OverCharters(comparison) ? "charters" : "instances")} [95% interval], and by generation from generation 0 on"
        );
        SheetColumn[] all = [columns.Instances, .. comparison.Measures.Select(columns.Of)];
        if (wide)
            Sheet.WriteWide(console, Label(comparison, CompareCells.OneTable), all);
        else
            Sheet.Write(console, Label(comparison, console.Profile.Width), all);
        if (form.HasFlag(PageForm.Explained))
            Legend(console, columns.Legend(comparison.Measures));
    }

    private static void Usual(IAnsiConsole console, RunComparison comparison, PageForm form)
    {
        var columns = new VariantColumns(comparison, console.Profile.Capabilities.Unicode);
        Heading(
            console,
            $"At generation {comparison.Generation} of {comparison.Plan.Rounds}",
            $"mean{(OverCharters(comparison) ? " over charters" : "")} [95% interval] or {columns.PlusMinus} half of it"
                + (columns.HasFewer ? $"; (k): of k {(OverCharters(comparison) ? "charters" : "instances")}" : "")
        );
        Sheet.Write(console, Label(comparison, console.Profile.Width), columns.Groups(bars: true));
        if (form.HasFlag(PageForm.Explained))
            Legend(console, columns.Legend());
    }

    private static bool OverCharters(RunComparison comparison) => comparison.Plan.Units.AreCharters;

    private static SheetColumn Label(RunComparison comparison, int width) =>
        new("variant", [.. comparison.Variants.Select(v => new Figure(CompareCells.Folded(v.Name, width)))]);

    private static void Chosen(IAnsiConsole console, RunComparison whole, RunComparison shown, Selection selection)
    {
        if (shown.Variants.IsEmpty)
        {
            var filters = string.Join(" and ", selection.Filters.Select(f => f.Text));
            console.MarkupLineInterpolated($"\n[yellow]No variant matches {filters}.[/] The run has {Names(whole.Variants)}.");
        }
        else if (shown.Variants.Length < whole.Variants.Length)
        {
            var hidden = Names(whole.Variants.Where(v => shown.Variants.All(s => s.Name != v.Name)));
            console.MarkupLineInterpolated($"\n[dim]Shown: {Names(shown.Variants)}. Not shown: {hidden}.[/]");
        }
        if (selection.Sort is { } by && shown.Variants.Length > 1)
            console.MarkupLineInterpolated($"[dim]Sorted by {by.Title}, {(selection.Descending ? "highest" : "lowest")} first.[/]");
    }

    private static string Names(IEnumerable<VariantSummary> variants) => string.Join(", ", variants.Select(v => v.Name));

    private static void WhatToDo(IAnsiConsole console, RunComparison comparison)
    {
        console.WriteLine();
        Notes(
            console,
            comparison switch
            {
                { Plan.Rounds: 0 } =>
                    $"What to do: give the experiment a shorter round (train.every, now {comparison.Plan.Every}) or more stimuli.",
                { Reached: > 0 } => "At generation 0 all instances still use the base model. What to do: choose a generation from 1 to "
                    + $"{comparison.Reached}.",
                { Digest: null } => "What to do: let the run continue. If it was interrupted, "
                    + $"{RunWords.Resume(comparison.Plan)} to resume; `aime list` shows its progress, "
                    + "and `aime replay` the first experiences of an instance.",
                _ => "What to do: `aime show` and `aime replay` show why these instances ended before their first round was complete.",
            }
        );
    }

    private static void Title(IAnsiConsole console, RunComparison comparison)
    {
        var (plan, instances) = (comparison.Plan, comparison.Instances);
        var parked = instances.Count(l => l.Status == InstanceState.Parked);
        var running = instances.Count(l => l.Status == InstanceState.Living);
        string[] fates =
        [
            .. new[] { (instances.Length - parked - running, "finished"), (running, "in progress"), (parked, "ended early") }
                .Where(f => f.Item1 > 0)
                .Select(f => $"{f.Item1:N0} {f.Item2}"),
        ];
        var experiences = comparison.Experiences.ToString("N0", CultureInfo.InvariantCulture);
        var size = $"{Count(plan.Variants.Length, "variant")} x {UnitWords.Size(plan)} = {Instances(instances.Length)}";
        console.MarkupLineInterpolated($"[bold]{plan.Run}[/]  {size} ({string.Join(", ", fates)})");
        var digest = comparison.Digest is { } d ? d[..Math.Min(12, d.Length)] : "none yet: the run has not finished";
        console.MarkupLineInterpolated($"[dim]{experiences} experiences, generations 0 to {plan.Rounds}, digest {digest}[/]");
    }

    /// <summary>Writes a title and a note on its figures.</summary>
    internal static void Heading(IAnsiConsole console, string what, string how)
    {
        console.WriteLine();
        console.MarkupLineInterpolated($"[bold]{what}[/]  [dim]{how}[/]");
    }

    private static string Instances(int n) => Count(n, "instance");

    private static string Count(int n, string one) => $"{n.ToString("N0", CultureInfo.InvariantCulture)} {one}{(n == 1 ? "" : "s")}";

    /// <summary>Writes a note under a table.</summary>
    internal static void Notes(IAnsiConsole console, string text) =>
        console.Write(new Padder(new Text(text, new Style(decoration: Decoration.Dim)), new Padding(1, 0, 0, 0)));

    private static void Legend(IAnsiConsole console, IEnumerable<(string Term, string Meaning)> terms)
    {
        var dim = new Style(decoration: Decoration.Dim);
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().Padding(1, 0, 2, 0)).AddColumn(new GridColumn().Padding(0, 0, 0, 0));
        foreach (var (term, meaning) in terms)
            grid.AddRow(new Text(term, dim), new Text(meaning, dim));
        console.Write(grid);
    }

    private static void Bullets(IAnsiConsole console, RunComparison comparison, PageForm form)
    {
        console.WriteLine();
        console.MarkupLine("[bold]Findings[/]");
        var grid = new Grid().AddColumn(new GridColumn().Width(1).Padding(1, 0, 1, 0)).AddColumn(new GridColumn().Padding(0, 0, 0, 0));
        foreach (var finding in Findings.Of(comparison).Where(f => form.HasFlag(PageForm.Explained) || !f.Detail))
            grid.AddRow(
                new Text("-"),
                new Text(
                    finding.Text,
                    finding.About is "replicates" or "incomplete" or "doses" or "battery" ? new Style(Color.Yellow) : Style.Plain
                )
            );
        console.Write(grid);
    }

    /// <summary>A column that is not wrapped.</summary>
    internal static TableColumn Column(string header) => new TableColumn(new Text(header)).NoWrap().PadLeft(0).PadRight(1);

    /// <summary>A table with horizontal lines only.</summary>
    internal static Table Bare(IAnsiConsole console) =>
        new Table()
            .Border(console.Profile.Capabilities.Unicode ? TableBorder.Horizontal : PlainLines.Border)
            .BorderStyle(new Style(decoration: Decoration.Dim));
}
