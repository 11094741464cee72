using System.Runtime.CompilerServices;
using AiMe.Console.Commands;
using AiMe.EventSourcing;
using AiMe.Journal;
using AiMe.Lab.History;

namespace AiMe.Console.Doctor;

/// <summary>
/// Reports pending input of instances: the next host of a run processes it even if the run has finished, and fails if
/// the instances cannot answer.
/// </summary>
internal sealed class InboxCheck : ICheck
{
    private const int MostNames = 4;

    /// <inheritdoc />
    public async IAsyncEnumerable<CheckResult> LookAsync(Subject subject, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await FindAsync(subject.Store, cancellationToken) is { } found)
            yield return found;
    }

    // Null if there is no readable journal: the check of the store reports that.
    private static async Task<CheckResult?> FindAsync(StoreAddress address, CancellationToken cancellationToken)
    {
        try
        {
            if (!Journal.EventStore.HasJournal(address))
                return null;
            await using var store = Stores.OpenReadOnly(address);
            List<string> waiting = [];
            foreach (var run in await InstanceReader.RunsAsync(store.Journal, cancellationToken))
            {
                if (await new RunWatch(store, run, TimeProvider.System).LookAsync(cancellationToken) is { Waiting: > 0 } status)
                    waiting.Add($"{Output.Lines.Count(status.Waiting)} to {await NamesAsync(store, status, cancellationToken)} of {run}");
            }

            return waiting.Count == 0
                ? new("inbox", Health.Good, "empty: no pending input")
                : new(
                    "inbox",
                    Health.Warning,
                    $"waiting: {string.Join(", ", waiting)}",
                    "the next run, inject or console command of the run answers it"
                );
        }
        catch (Exception e) when (e is UsageException or JournalException or CorruptJournalException)
        {
            return null;
        }
    }

    // In the inbox, or already received by the instance.
    private static async Task<string> NamesAsync(Journal.EventStore store, RunStatus status, CancellationToken cancellationToken)
    {
        var letters = await store.Inbox.WaitingAsync(status.Plan.Run, cancellationToken);
        string[] names =
        [
            .. letters
                .Select(l => l.Instance)
                .Concat(status.Instances.Where(l => l.Waiting > 0).Select(l => l.Name))
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
        return names.Length <= MostNames
            ? string.Join(", ", names)
            : $"{string.Join(", ", names.Take(MostNames))} and {Output.Lines.Count(names.Length - MostNames)} more";
    }
}
