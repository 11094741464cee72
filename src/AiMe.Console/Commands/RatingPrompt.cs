using AiMe.Console.Output;
using AiMe.Lab.Analysis.Ratings;
using AiMe.Lab.History;
using Spectre.Console;

namespace AiMe.Console.Commands;

/// <summary>Asks a rater pair by pair, a line an answer. Says nothing of variants.</summary>
internal static class RatingPrompt
{
    private const string Help =
        "1 first, 2 second, b both, n neither; s skips the pair, u takes the last one back, t TEXT adds a note, q ends; then Enter";

    /// <param name="limit">Pairs after which the prompt ends; null for all.</param>
    /// <returns>0 when all pairs are done, the limit is reached or the rater ends.</returns>
    public static int Run(TextReader input, IAnsiConsole console, RatingSession session, string file, int? limit)
    {
        console.WriteLine(
            $"{Lines.Count(session.Queue.Pairs.Length, "pair")}, {Lines.Count(session.Done)} done; your ratings are in {file}"
        );
        if (session.Queue.Equal > 0)
            console.WriteLine($"Left out, because both answers are the same: {Lines.Count(session.Queue.Equal, "pair")}.");
        console.WriteLine(Help);
        var last = limit is { } most ? session.Done + most : int.MaxValue;
        FilledForm form = new(session);
        while (form.Pair is { } pair)
        {
            var ended = session.Done >= last;
            if (!ended)
                Show(console, session, pair);
            if (ended || !Ask(input, console, form))
            {
                console.WriteLine(
                    $"{Lines.Count(session.Done)} of {Lines.Count(session.Queue.Pairs.Length, "pair")} done. "
                        + "Run the same command to resume at this pair."
                );
                return ExitCode.Done;
            }
        }

        console.WriteLine($"All pairs are done. To see the result: aime rate {session.Queue.Run} --report {file}");
        return ExitCode.Done;
    }

    // Recorded text must not command the terminal.
    private static void Show(IAnsiConsole console, RatingSession session, AnswerPair pair)
    {
        console.WriteLine();
        var (number, all) = (Lines.Count(session.Done + 1), Lines.Count(session.Queue.Pairs.Length));
        console.MarkupLineInterpolated($"[bold]{number} of {all}[/]  {VisibleText.Of(pair.Question)}");
        console.MarkupLineInterpolated($"  [bold]first[/]   {VisibleText.Of(pair.First)}");
        console.MarkupLineInterpolated($"  [bold]second[/]  {VisibleText.Of(pair.Second)}");
    }

    // Until the pair is done, or another one is to be shown; false if the rater ends.
    private static bool Ask(TextReader input, IAnsiConsole console, FilledForm form)
    {
        while (true)
        {
            var pair = form.Pair;
            console.Write($"{form.Sign.Question} ");
            if (input.ReadLine()?.Trim() is not { } said)
                return false;
            switch (said)
            {
                case "q":
                    return false;
                case "s":
                    form.Skip();
                    break;
                case "u" when !form.Undo():
                    console.WriteLine("There is nothing to take back.");
                    break;
                case "u":
                    break;
                case ['t', ' ', .. var text]:
                    form.Note = text.Trim();
                    break;
                default:
                    if (ChoiceOf(said) is { } choice)
                        form.Choose(choice);
                    else
                        console.WriteLine($"found '{said}', expected: {Help}");
                    break;
            }

            if (form.Pair?.Id != pair?.Id)
                return true;
        }
    }

    private static SignChoice? ChoiceOf(string said) =>
        said switch
        {
            "1" => SignChoice.First,
            "2" => SignChoice.Second,
            "b" => SignChoice.Both,
            "n" => SignChoice.Neither,
            _ => null,
        };
}
