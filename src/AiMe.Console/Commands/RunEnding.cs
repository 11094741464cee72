using AiMe.Console.Output;
using AiMe.Console.Output.Documents;
using AiMe.Console.Terminal;
using AiMe.Journal;
using AiMe.Lab.History;
using AiMe.Lab.Runs;
using Spectre.Console;

namespace AiMe.Console.Commands;

/// <summary>What is said of a run that has not reached its end.</summary>
internal static class RunEnding
{
    /// <summary>Says why the run has not ended, and how it goes on; null if it has ended.</summary>
    /// <returns>The exit code.</returns>
    public static int? Unfinished(RunOutcome outcome, StoreAddress address, bool json, Interruption interruption)
    {
        if (outcome.Digest is not null)
            return null;
        if (outcome.OpenReviews > 0 && !interruption.Gently.IsCancellationRequested)
        {
            InReviewPage.Write(outcome, address);
            if (json)
                TerminalWriter.Json(new InReviewOutput(outcome.Run, Digest: null, RunState.InReview, outcome.OpenReviews));
            return ExitCode.InReview;
        }

        var completed = Lines.Count(outcome.Experiences, "experience");
        var how = outcome.IsPaused ? "Paused by another process" : "Interrupted";
        TerminalWriter.Error.MarkupLineInterpolated(
            $"[yellow]{how} after {completed}.[/] Nothing is lost. Run the same command to resume:"
        );
        // not wrapped, so that it can be copied
        System.Console.Error.WriteLine($"  {Invocation.Of(Environment.GetCommandLineArgs()[1..])}");
        return ExitCode.Interrupted;
    }
}
