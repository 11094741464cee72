using AiMe.Console.Terminal;
using AiMe.Corpora;
using AiMe.EventSourcing;
using AiMe.Journal;
using AiMe.Lab.Analysis.Ratings;
using AiMe.Lab.Runs;
using AiMe.Lab.Runs.Forks;
using AiMe.Lab.Runs.Spending;
using AiMe.Models;
using AiMe.VectorStores;
using Spectre.Console;

namespace AiMe.Console.Commands;

/// <summary>The input is wrong. The message says what was found, what was expected, and how to correct it.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>
/// Turns expected failures into a line on standard error and an exit code. Any other exception is a bug and keeps its
/// stack trace.
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
        catch (Exception e)
            when (e
                    is UsageException
                        or ForkException
                        or AlreadyOwnedException
                        or GrammarException
                        or MissingKeyException
                        or PairRatingException
                        or UnknownExperienceException
            )
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
                        or VectorStoreException
                        or IOException
                        or UnauthorizedAccessException
            )
        {
            return Say(e.Message, ExitCode.Error);
        }
        catch (BudgetReachedException e)
        {
            return Say(
                $"{e.Message} Your input is stored; do not send it again. To resume the run and process the input: `aime run "
                    + $"EXPERIMENT{string.Concat(SpendingWords.Lacking(e.Ledger).Select(l => $" --set {l.Key}={l.Enough}"))}`.",
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
        System.Console.Error.WriteLine(message); // not wrapped, so that it can be searched and copied
        return code;
    }
}
