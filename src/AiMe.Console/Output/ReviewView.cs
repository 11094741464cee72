using System.Globalization;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Lab.History;
using AiMe.Lab.Runs.Reviews;
using Spectre.Console;

namespace AiMe.Console.Output;

/// <summary>Prints a held experience before and after a person's answer.</summary>
internal static class ReviewView
{
    /// <summary>Before the answer: no instance, no score, no rule, no other answer.</summary>
    public static void Write(IAnsiConsole console, ReviewSheet sheet, int number, int all)
    {
        console.WriteLine();
        console.MarkupLineInterpolated($"[bold]{Lines.Count(number)} of {Lines.Count(all)}[/]  [dim]topic {sheet.Topic}[/]");
        var grid = Grid();
        Row(grid, sheet.IsDrive ? "own question" : "input", sheet.Input);
        foreach (var text in sheet.Recalled)
            Row(grid, "recalled", text);
        Row(grid, "answers", AnswerWords.Of(sheet.Output));
        if (sheet.Reflection.Length > 0)
            Row(grid, "reflects", sheet.Reflection);
        console.Write(grid);
    }

    /// <summary>After the answer.</summary>
    public static void Write(IAnsiConsole console, ReviewDisclosure disclosed, Verdict own)
    {
        var item = disclosed.Experience;
        console.MarkupLineInterpolated(
            $"[bold]{(own == Verdict.Keep ? "Kept." : "Rejected.")}[/]  [dim]{item.Name}, round {item.Stored.Round}[/]"
        );
        var grid = Grid();
        Row(
            grid,
            "the rules",
            disclosed.Suggestion is { } rule
                ? $"would have it {Word(rule.Vote)}: {rule.Rule}, {rule.Reason}"
                : "would keep it: none objects"
        );
        foreach (var column in disclosed.Columns)
            Row(grid, "", $"{column.Rule}: {column.Reason}");
        Row(grid, "scores", string.Join(", ", Scores(item)));
        foreach (var other in disclosed.Others)
            Row(
                grid,
                other.By,
                $"{(other.Verdict == Verdict.Keep ? "keeps it" : "rejects it")}{(other.Note is { } note ? $": {note}" : "")}"
            );
        if (item.IsTie)
            Row(grid, "a tie", "one more answer decides");
        console.Write(grid);
    }

    private static IEnumerable<string> Scores(HeldExperience item) =>
        Enum.GetValues<ScoreName>()
            .Select(s => (Name: s.Text(), Value: s == ScoreName.Novelty ? item.Stored.Novelty : s.Of(item.Stored.Scores)))
            .Where(s => double.IsFinite(s.Value))
            .Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Name} {s.Value:0.00}"));

    private static string Word(Vote vote) =>
        vote switch
        {
            Vote.Keep => "kept",
            Vote.Reject => "rejected",
            _ => "held",
        };

    private static Grid Grid() =>
        new Grid().AddColumn(new GridColumn().NoWrap().Padding(2, 0, 2, 0)).AddColumn(new GridColumn().Padding(0, 0, 0, 0));

    private static void Row(Grid grid, string label, string text) => grid.AddRow(new Text(label, new Style(Color.Blue)), new Text(text));
}
