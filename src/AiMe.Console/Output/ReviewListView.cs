using AiMe.Console.Commands;
using AiMe.Console.Commands.Reviews;
using AiMe.Corpora;
using AiMe.Lab.History;
using AiMe.Lab.Runs.Reviews;
using Spectre.Console;

namespace AiMe.Console.Output;

/// <summary>Prints the held experiences of a run, without anybody's answers.</summary>
internal static class ReviewListView
{
    private const int Longest = 60;

    /// <summary>Writes a table and what to do.</summary>
    /// <param name="items">Those that are listed.</param>
    public static void Write(
        IAnsiConsole console,
        ReviewTarget target,
        ReviewList all,
        IReadOnlyCollection<HeldExperience> items,
        string? reviewer
    )
    {
        var awaited = all.Open.Count(i => i.IsAwaited);
        console.WriteLine(
            $"{target.Run}: {Lines.Count(all.Open.Count(), "held experience")} without a verdict, {Lines.Count(awaited)} of complete rounds"
                + (reviewer is null ? "" : $"; {Lines.Count(items.Count)} for {reviewer}")
        );
        if (items.Count == 0)
            return;
        var table = Lines.Table(console, ("experience", false), ("round", true), ("answers", true), ("input", false), ("", false));
        foreach (var item in items)
        {
            table.AddRow(
                new Text(item.Name),
                new Text(Lines.Count(item.Stored.Round)).RightJustified(),
                new Text($"{Lines.Count(item.Answers.Length)} of {Lines.Count(item.Terms.Reviewers)}").RightJustified(),
                new Text(Short(AnswerWords.Of(item.Stored.Input))),
                new Text(
                    item.IsTie ? "a tie: one more answer decides"
                    : item.IsAwaited ? "its round waits"
                    : ""
                )
            );
        }

        console.Write(table);
        var name = target.Instance is null ? target.Run : $"{target.Run}/{target.Instance}";
        console.WriteLine($"  {Invocation.Of("review", name, "--as", reviewer ?? "NAME", "--store", target.Store)}");
    }

    private static string Short(string text) => TextCut.Marked(text, Longest);
}
