using System.Runtime.CompilerServices;
using AiMe.Journal;
using AiMe.Kernel;
using AiMe.Lab;

namespace AiMe.Console.Checks;

/// <summary>What was said to instances and is not lived through: a run that has ended takes it up all the same, and fails where they cannot answer.</summary>
internal sealed class InboxCheck : ICheck
{
    private const int MostNames = 4;

    /// <inheritdoc />
    public async IAsyncEnumerable<Finding> LookAsync(Subject subject, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await FindAsync(subject.Store, cancellationToken) is { } found)
            yield return found;
    }

    // Nothing where there is no journal that can be read: the check of the store says so.
    private static async Task<Finding?> FindAsync(StoreAddress address, CancellationToken cancellationToken)
    {
        try
        {
            if (!Journal.Store.HasJournal(address))
                return null;
            await using var store = Stores.OpenReadOnly(address);
            List<string> waiting = [];
            foreach (var run in await LifeReader.RunsAsync(store.Journal, cancellationToken))
            {
                if (await new RunWatch(store, run, TimeProvider.System).LookAsync(cancellationToken) is { Waiting: > 0 } status)
                    waiting.Add($"{Views.Lines.Count(status.Waiting)} to {await NamesAsync(store, status, cancellationToken)} of {run}");
            }

            return waiting.Count == 0
                ? new("inbox", Health.Good, "empty: nothing waits to be answered")
                : new("inbox", Health.Warning, $"waiting: {string.Join(", ", waiting)}", "answered at the next run, inject or console of it");
        }
        catch (Exception e) when (e is UsageException or JournalException or CorruptJournalException)
        {
            return null;
        }
    }

    // In the inbox, or received by its life already.
    private static async Task<string> NamesAsync(Journal.Store store, RunStatus status, CancellationToken cancellationToken)
    {
        var letters = await store.Inbox.WaitingAsync(status.Plan.Run, cancellationToken);
        string[] names = [.. letters.Select(l => l.Instance).Concat(status.Lives.Where(l => l.Waiting > 0).Select(l => l.Name)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return names.Length <= MostNames ? string.Join(", ", names) : $"{string.Join(", ", names.Take(MostNames))} and {Views.Lines.Count(names.Length - MostNames)} more";
    }
}
