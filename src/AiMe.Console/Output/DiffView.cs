using System.Globalization;
using AiMe.Console.Output.Comparison;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Diff;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AiMe.Console.Output;

/// <summary>Shows two instances round by round: their answers to the same stimuli and to the probes.</summary>
public static class DiffView
{
    /// <summary>Minimum width for answers side by side.</summary>
    private const int SideBySide = 120;

    private static readonly Style Dim = new(decoration: Decoration.Dim);

    /// <summary>Writes the page; fits 80 columns and wider.</summary>
    /// <param name="changed">Whether to show only answers that differ; the figures include all answers.</param>
    public static void Write(IAnsiConsole console, InstanceDiff diff, bool changed)
    {
        var text = DiffText.For(console);
        var (first, second) = Names(diff);
        Title(console, diff);
        console.WriteLine();
        console.Write(text.Key(first, second));
        console.WriteLine();
        console.Write(new Text("Cosine: similarity of the wording of two answers, 1 = the same, about 0 = nothing in common.", Dim));
        console.WriteLine();
        if (diff.Rounds.SelectMany(r => r.Pairs).Any(p => p.First.Cycle != p.Second.Cycle))
            console.Write(
                new Text(
                    "The instances received the stimuli in a different order: 25 / 2 is cycle 25 of the first and cycle 2 of the "
                        + "second; rounds are those of the first.\n",
                    Dim
                )
            );
        foreach (var round in diff.Rounds)
            Round(console, diff, round, text, changed);
        if (diff.Rounds.IsEmpty)
            console.WriteLine(
                "\nNo stimulus was answered by both"
                    + (diff.First.Answers().IsEmpty || diff.Second.Answers().IsEmpty ? " yet: one instance has no experience." : ".")
            );
        Probes(console, diff, text, changed);
        Unmatched(console, first, second, diff.OnlyFirst);
        Unmatched(console, second, first, diff.OnlySecond);
    }

    private static void Round(IAnsiConsole console, InstanceDiff diff, DiffRound round, DiffText text, bool changed)
    {
        var (first, second) = Names(diff);
        var (both, one, other) = round.Kept;
        console.WriteLine();
        console.MarkupLineInterpolated($"[bold]Round {round.Round}[/]");
        var n = round.Pairs.Length;
        console.Write(
            new Text(
                $"{Lines.Count(n)} {(n == 1 ? "stimulus" : "stimuli")} answered by both, {(n == 1 ? "" : "mean ")}cosine "
                    + $"{Number(round.MeanCosine)}, {Lines.Count(round.Identical)} identical; kept by both {Lines.Count(both)}, only by "
                    + $"{first} {Lines.Count(one)}, only by {second} {Lines.Count(other)}",
                Dim
            )
        );
        console.WriteLine();
        DiffPair[] shown = [.. round.Pairs.Where(p => !changed || !p.IsIdentical)];
        if (shown.Length == 0)
            console.Write(new Text(" No answer differs.\n"));
        else if (console.Profile.Width >= SideBySide)
            Table(
                console,
                ["cycle", "stimulus", first, second, "cosine"],
                [.. shown.Select(p => Row(p, text))],
                first: shown.Max(p => Cycles(p).Length)
            );
        else
            Stacked(
                console,
                [
                    .. shown.Select(p =>
                        (
                            $"{Cycles(p)}  {p.First.Stimulus}",
                            p.IsIdentical ? "the same answer" : $"cosine {Number(p.Cosine)}",
                            Said(first, p.First),
                            Said(second, p.Second),
                            text.Of(p.First.Text, p.Second.Text),
                            p.IsIdentical && p.First.Verdict == p.Second.Verdict
                        )
                    ),
                ]
            );
    }

    private static IRenderable[] Row(DiffPair pair, DiffText text)
    {
        var (a, b) = text.Of(pair.First.Text, pair.Second.Text);
        return
        [
            new Text(Cycles(pair)),
            new Text(pair.First.Stimulus),
            Cell(pair.First.Verdict, a),
            Cell(pair.Second.Verdict, b),
            new Text(pair.IsIdentical ? "same" : Number(pair.Cosine)),
        ];
    }

    private static Rows Cell(Verdict verdict, Paragraph answer) => new(answer, new Text(Word(verdict), Dim));

    private static void Probes(IAnsiConsole console, InstanceDiff diff, DiffText text, bool changed)
    {
        if (diff.Probes.IsEmpty)
            return;
        var (first, second) = Names(diff);
        console.WriteLine();
        console.MarkupLine("[bold]Identity probes[/]  [dim]at each generation that both reached[/]");
        var table = CompareView.Bare(console);
        foreach (var header in new[] { "generation", "bare models\nJSD (bits)", "whole agents\nJSD (bits)", "open answers\nidentical" })
            table.AddColumn(CompareView.Column(header));
        foreach (var probes in diff.Probes)
            table.AddRow(
                $"{probes.Generation}",
                Measure.BareDrift.Show(probes.Bare),
                Measure.BareDrift.Show(probes.Agent),
                $"{probes.Open.Count(o => o.IsIdentical)} of {probes.Open.Length}"
            );
        console.Write(table);
        var sameSeed = diff.First.Seed is { } seed && seed == diff.Second.Seed;
        CompareView.Notes(
            console,
            $"JSD: mean Jensen-Shannon divergence between the answers of the two instances to their "
                + $"{Probes(diff.Probes[0].Choices)} in common, 0 = the same, 1 = nothing in common."
                + (
                    sameSeed
                        ? ""
                        : " Each instance answers open questions with its own seed, so these answers differ even if the models do not."
                )
        );
        foreach (var probes in diff.Probes.Where(p => p.Open.Any(o => !changed || !o.IsIdentical)))
            Open(console, probes, (first, second), text, changed);
    }

    private static string Probes(int n) => n == 1 ? "choice probe" : $"{n} choice probes";

    private static void Open(IAnsiConsole console, ProbeDiff probes, (string First, string Second) names, DiffText text, bool changed)
    {
        console.WriteLine();
        console.MarkupLineInterpolated($"[bold]Open questions at generation {probes.Generation}[/]");
        OpenDiff[] shown = [.. probes.Open.Where(o => !changed || !o.IsIdentical)];
        if (console.Profile.Width >= SideBySide)
            Table(
                console,
                ["question", names.First, names.Second],
                [
                    .. shown
                        .Select(o => (o.Question, Said: text.Of(o.First, o.Second)))
                        .Select(o => new IRenderable[] { new Text(o.Question), o.Said.First, o.Said.Second }),
                ],
                first: shown.Max(o => Math.Min(o.Question.Length, console.Profile.Width / 4))
            );
        else
            Stacked(
                console,
                [
                    .. shown.Select(o =>
                        (
                            o.Question,
                            o.IsIdentical ? "the same answer" : "",
                            names.First,
                            names.Second,
                            text.Of(o.First, o.Second),
                            o.IsIdentical
                        )
                    ),
                ]
            );
    }

    private static void Table(IAnsiConsole console, string[] headers, IReadOnlyList<IRenderable[]> rows, int first)
    {
        var table = CompareView.Bare(console).Expand();
        for (var i = 0; i < headers.Length; i++)
        {
            var column = new TableColumn(new Text(headers[i])).PadLeft(0).PadRight(2);
            column.Width =
                i == 0 ? Math.Max(first, headers[0].Length)
                : headers[i] == "cosine" ? headers[i].Length
                : null;
            table.AddColumn(column);
        }

        foreach (var row in rows)
            table.AddRow(row);
        console.Write(table);
    }

    // Each stimulus on its own line, with both answers below it; identical answers are printed once.
    private static void Stacked(
        IAnsiConsole console,
        IReadOnlyList<(string Heading, string Note, string First, string Second, (Paragraph First, Paragraph Second) Said, bool Once)> pairs
    )
    {
        foreach (var pair in pairs)
        {
            console.WriteLine();
            console.MarkupLineInterpolated($" [bold]{pair.Heading}[/]  [dim]{pair.Note}[/]");
            var grid = new Grid().AddColumn(new GridColumn().NoWrap().Padding(3, 0, 2, 0)).AddColumn(new GridColumn().Padding(0, 0, 0, 0));
            grid.AddRow(new Text(pair.Once ? "both" : pair.First, new Style(Color.Blue)), pair.Said.First);
            if (!pair.Once)
                grid.AddRow(new Text(pair.Second, new Style(Color.Blue)), pair.Said.Second);
            console.Write(grid);
        }
    }

    private static void Unmatched(
        IAnsiConsole console,
        string name,
        string other,
        System.Collections.Immutable.ImmutableArray<DiffAnswer> answers
    )
    {
        if (answers.IsEmpty)
            return;
        console.WriteLine();
        var stimuli = answers.Length == 1 ? "stimulus" : "stimuli";
        console.MarkupLineInterpolated($"[bold]Only {name}[/]  [dim]{answers.Length:N0} {stimuli} missing or less frequent in {other}[/]");
        var grid = new Grid()
            .AddColumn(new GridColumn().NoWrap().Padding(1, 0, 2, 0))
            .AddColumn(new GridColumn().Padding(0, 0, 2, 0))
            .AddColumn(new GridColumn().Padding(0, 0, 0, 0));
        foreach (var answer in answers)
            grid.AddRow(
                new Text($"{answer.Cycle}", Dim),
                new Text(answer.Stimulus),
                new Text($"{answer.Text} ({Word(answer.Verdict)})", Dim)
            );
        console.Write(grid);
    }

    // Instances of the same name are distinguished by their runs.
    private static (string First, string Second) Names(InstanceDiff diff) =>
        diff.First.Instance == diff.Second.Instance
            ? (diff.First.Plan.Run, diff.Second.Plan.Run)
            : (diff.First.Instance, diff.Second.Instance);

    private static void Title(IAnsiConsole console, InstanceDiff diff)
    {
        foreach (var side in new[] { diff.First, diff.Second })
            console.MarkupLineInterpolated($"[bold]{side.Instance}[/] [dim]of {side.Plan.Run}: {Fate(side)}[/]");
    }

    private static string Fate(DiffSide side) =>
        $"{side.Status switch { InstanceState.Finished => "finished", InstanceState.Parked => "ended early", _ => "in progress" }}, "
        + Lines.Count(side.Of<Stored>().Count(), "experience");

    private static string Cycles(DiffPair pair) =>
        pair.First.Cycle == pair.Second.Cycle ? $"{pair.First.Cycle}" : $"{pair.First.Cycle} / {pair.Second.Cycle}";

    private static string Said(string name, DiffAnswer answer) => $"{name}, {Word(answer.Verdict)}";

    private static string Word(Verdict verdict) =>
        verdict switch
        {
            Verdict.Keep => "kept",
            Verdict.Reject => "rejected",
            Verdict.Hold => "held",
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static string Number(double value) =>
        double.IsNaN(value) ? "-" : (Math.Round(value, 2) + 0.0).ToString("0.00", CultureInfo.InvariantCulture);
}
