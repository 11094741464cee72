using AiMe.Console.Terminal;
using AiMe.Corpora;
using AiMe.EventSourcing;
using AiMe.Journal;
using AiMe.Lab.Runs;
using AiMe.Lab.Runs.Forks;
using AiMe.Lab.Runs.Spending;
using AiMe.Models;
using Spectre.Console;

namespace AiMe.Console.Commands;

/// <summary>The input is wrong. The message says what was found, what was expected, and what to do.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>
/// Turns what can go wrong outside into a line on standard error and an exit code. Anything else is a bug and keeps its
/// stack.
/// </summary>
internal static class Failures
{
    /// <summary>Runs a command.</summary>
    public static async Task<int> GuardAsync(Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (Exception e) when (e is UsageException or ForkException or AlreadyOwnedException or GrammarException or MissingKeyException)
        {
            return Say(e.Message, ExitCode.Usage);
        }
        catch (Exception e)
            when (e
                    is JournalException
                        or CorruptJournalException
                        or CorruptBlobException
                        or SecondWriterException
                        or StalledException
                        or ModelPreparationException
                        or ProviderException
                        or IOException
                        or UnauthorizedAccessException
            )
        {
            return Say(e.Message, ExitCode.Error);
        }
        catch (BudgetReachedException e)
        {
            return Say(
                $"{e.Message} What was said waits; do not say it again. `aime run "
                    + $"EXPERIMENT{string.Concat(SpendingWords.Lacking(e.Ledger).Select(l => $" --set {l.Key}={l.Enough}"))}` "
                    + "goes on with the run, and with what waits.",
                ExitCode.Budget
            );
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
    }

    private static int Say(string message, int code)
    {
        TerminalWriter.Error.Markup("[red]error:[/] ");
        System.Console.Error.WriteLine(message); // unbroken, so that it can be searched and copied
        return code;
    }
}
