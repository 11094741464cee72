using System.Collections.Immutable;
using AiMe.Console.Output;
using AiMe.Lab.Analysis.Ratings;
using Spectre.Console;

namespace AiMe.Console.Commands;

/// <summary>Asks a rater pair by pair, a line an answer. Says nothing of variants.</summary>
internal static class RatingPrompt
{
    private const string Help =
        "1 first, 2 second, b both, n neither; s skips the pair, u takes the last one back, t TEXT adds a note, q ends; then Enter";

    /// <returns>0 when all pairs are done or the rater ends.</returns>
    public static int Run(TextReader input, IAnsiConsole console, RatingSession session, string file)
    {
        console.WriteLine(
            $"{Lines.Count(session.Queue.Pairs.Length, "pair")}, {Lines.Count(session.Done)} done; your ratings are in {file}"
        );
        if (session.Queue.Equal > 0)
            console.WriteLine($"Left out, because both answers are the same: {Lines.Count(session.Queue.Equal, "pair")}.");
        console.WriteLine(Help);
        while (session.Current is { } pair)
        {
            Show(console, session, pair);
            if (!Ask(input, console, session))
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

    private static void Show(IAnsiConsole console, RatingSession session, AnswerPair pair)
    {
        console.WriteLine();
        var (number, all) = (Lines.Count(session.Done + 1), Lines.Count(session.Queue.Pairs.Length));
        console.MarkupLineInterpolated($"[bold]{number} of {all}[/]  {pair.Question}");
        console.MarkupLineInterpolated($"  [bold]first[/]   {pair.First}");
        console.MarkupLineInterpolated($"  [bold]second[/]  {pair.Second}");
    }

    // False if the rater ends.
    private static bool Ask(TextReader input, IAnsiConsole console, RatingSession session)
    {
        var choices = ImmutableSortedDictionary.CreateBuilder<string, SignChoice>(StringComparer.Ordinal);
        string? note = null;
        for (var i = 0; i < SignForm.Signs.Length; )
        {
            console.Write($"{SignForm.Signs[i].Question} ");
            if (input.ReadLine()?.Trim() is not { } said)
                return false;
            switch (said)
            {
                case "q":
                    return false;
                case "s":
                    session.Skip(note);
                    return true;
                case "u" when i > 0:
                    i--; // within a pair, the last sign
                    break;
                case "u" when session.Undo():
                    return true;
                case "u":
                    console.WriteLine("There is nothing to take back.");
                    break;
                case ['t', ' ', .. var text]:
                    note = text.Trim();
                    break;
                default:
                    if (ChoiceOf(said) is { } choice)
                        choices[SignForm.Signs[i++].Key] = choice;
                    else
                        console.WriteLine($"found '{said}', expected: {Help}");
                    break;
            }
        }

        session.Rate(choices.ToImmutable(), note);
        return true;
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
