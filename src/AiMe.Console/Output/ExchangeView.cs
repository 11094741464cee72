using System.Globalization;
using AiMe.Faculties;
using AiMe.Lab.History;
using AiMe.Lab.Runs.Talk;
using Spectre.Console;

namespace AiMe.Console.Output;

/// <summary>Prints an exchange: input, answer, reflection and verdict; for several instances side by side.</summary>
internal static class ExchangeView
{
    private const int SideBySide = 100;

    /// <summary>Writes one exchange, line by line.</summary>
    public static void Write(IAnsiConsole console, Exchange exchange)
    {
        var head = exchange.Stored is { } stored ? $"{stored.Id}, " : "";
        console.MarkupLineInterpolated(
            $"[bold]{exchange.Instance}[/]  [dim]{head}cycle {exchange.Cycle}, events {exchange.First} to {exchange.Last}[/]"
        );
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().Padding(2, 0, 2, 0)).AddColumn(new GridColumn().Padding(0, 0, 0, 0));
        Row(grid, "input", exchange.Stimulus.Text);
        foreach (var failure in exchange.Failures)
            Row(grid, "failed", failure);
        if (exchange.NotAnswered is { } why)
            Row(grid, "no answer", why);
        if (exchange.Stored is { } experience)
        {
            Row(grid, "answers", AnswerWords.Of(experience.Output));
            Row(grid, "reflects", Thought(exchange));
            Row(grid, Word(experience.Verdict), Reasons(exchange));
        }

        console.Write(grid);
    }

    /// <summary>
    /// Writes several answers to one stimulus: as a table if the terminal is wide enough, else one after another.
    /// </summary>
    public static void Write(IAnsiConsole console, IReadOnlyList<Exchange> exchanges)
    {
        if (exchanges.Count == 1 || console.Profile.Width < SideBySide)
        {
            foreach (var exchange in exchanges)
                Write(console, exchange);
            return;
        }

        var table = new Table()
            .Border(TableBorder.Simple)
            .Expand()
            .AddColumn(new TableColumn("instance").NoWrap())
            .AddColumn("answers")
            .AddColumn("reflects")
            .AddColumn("verdict");
        foreach (var e in exchanges)
        {
            table.AddRow(
                new Text(e.Instance, new Style(decoration: Decoration.Bold)),
                new Text(e.Stored is { } told ? AnswerWords.Of(told.Output) : $"(no answer: {e.NotAnswered})"),
                new Text(e.Stored is null ? "" : Thought(e), new Style(decoration: Decoration.Dim)),
                new Text(e.Stored is null ? "" : $"{Word(e.Stored.Verdict)}\n{Reasons(e)}")
            );
        }

        console.Write(table);
    }

    /// <summary>Such as <c>is kept</c>.</summary>
    public static string Word(Verdict verdict) =>
        verdict switch
        {
            Verdict.Keep => "is kept",
            Verdict.Reject => "is rejected",
            Verdict.Hold => "is held",
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    /// <summary>The reflection and its scores.</summary>
    public static string Thought(Exchange e) =>
        e.Reflection is not { } r
            ? ""
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{(r.Text.Length > 0 ? r.Text : "(empty)")}\n"
                    + $"alignment {Share(r.Alignment)}, quality {Share(r.Quality)}, importance {r.Importance:0.0} of 10"
            );

    /// <summary>The reason of each rule of the policy.</summary>
    public static string Reasons(Exchange e) =>
        e.Judgement is not { } j ? "" : string.Join('\n', j.Columns.Select(c => $"{c.Rule}: {c.Reason}"));

    private static string Share(double value) => double.IsNaN(value) ? "-" : value.ToString("0.00", CultureInfo.InvariantCulture);

    private static void Row(Grid grid, string label, string text) => grid.AddRow(new Text(label, new Style(Color.Blue)), new Text(text));
}
