using AiMe.Console.Commands;
using AiMe.Console.Terminal;
using AiMe.Journal;
using AiMe.Lab.Runs;
using Spectre.Console;

namespace AiMe.Console.Output;

/// <summary>Reports a run that waits for people, and the commands that make it go on.</summary>
internal static class InReviewPage
{
    /// <summary>Writes the report on standard error.</summary>
    public static void Write(RunOutcome outcome, StoreAddress store)
    {
        var held = $"{Lines.Count(outcome.OpenReviews, "held experience")} {(outcome.OpenReviews == 1 ? "has" : "have")} no verdict";
        TerminalWriter.Error.MarkupLineInterpolated($"[yellow]Waiting for review.[/] {held}, and all other work is done. Nothing is lost.");
        TerminalWriter.Error.WriteLine("Decide on them, and then run the same command to resume:");
        // not wrapped, so that they can be copied
        System.Console.Error.WriteLine($"  {Invocation.Of("review", outcome.Run, "--as", "NAME", "--store", store)}");
        System.Console.Error.WriteLine($"  {Invocation.Of(Environment.GetCommandLineArgs()[1..])}");
    }
}
