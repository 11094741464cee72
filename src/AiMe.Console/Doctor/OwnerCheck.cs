using System.Runtime.CompilerServices;
using AiMe.Console.Commands;
using AiMe.Console.Output;
using AiMe.EventSourcing;
using AiMe.Journal;
using AiMe.Lab.History;
using AiMe.Lab.Runs;

namespace AiMe.Console.Doctor;

/// <summary>Reports which process holds which run and instances, since when, and until when.</summary>
internal sealed class OwnerCheck : ICheck
{
    private const int NamesShown = 4;

    /// <inheritdoc />
    public async IAsyncEnumerable<CheckResult> LookAsync(Subject subject, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var finding in await FindAsync(subject.Store, cancellationToken))
            yield return finding;
    }

    // Empty if there is no journal yet.
    private static async Task<CheckResult[]> FindAsync(StoreAddress address, CancellationToken cancellationToken)
    {
        try
        {
            if (!Journal.EventStore.HasJournal(address))
                return [];
            await using var store = Stores.OpenReadOnly(address);
            var processes = await HoldingProcess.AllAsync(store.Ownership, cancellationToken);
            return processes.IsEmpty ? [new("owners", Health.Good, "none: no run is active")] : [.. processes.Select(Finding)];
        }
        catch (Exception e) when (e is UsageException or JournalException or CorruptJournalException)
        {
            return [new("owners", Health.Bad, e.Message, "see the check of the store")];
        }
    }

    private static CheckResult Finding(HoldingProcess process)
    {
        var found = Words(process);
        return process switch
        {
            { MustBeWatched: true } => new(
                "owners",
                Health.Warning,
                found,
                "the clock was set back, so its age is unknown; if the process is dead, free its names with "
                    + $"`aime doctor --take-over`, which watches it for {Ownership.StaleAfter.TotalSeconds:0} s first"
            ),
            { IsAlive: false } => new(
                "owners",
                Health.Warning,
                found,
                "no repair needed: the same `aime run` resumes it; `aime doctor --take-over` frees the names now"
            ),
            _ when process.Info.Host == Environment.MachineName => new("owners", Health.Good, found, "until the process ends"),
            _ => new("owners", Health.Good, found, $"until the process ends, or is silent for {Ownership.StaleAfter.TotalSeconds:0} s"),
        };
    }

    /// <summary>Who holds what, since when, and the last heartbeat.</summary>
    public static string Words(HoldingProcess process)
    {
        var ended = process.IsAlive ? "" : ", which has ended,";
        return $"process {process.Info.ProcessId} on {process.Info.Host}{ended} holds {Held(process)}{Since(process)}; "
            + $"last heartbeat {Plain.Ago(process.Silence)}";
    }

    private static string Since(HoldingProcess process) =>
        process.IsAlive && process.Info.Host == Environment.MachineName && Processes.StartedAt(process.Info.ProcessId) is { } started
            ? $" since {started:yyyy-MM-dd HH:mm:ss} UTC at the earliest"
            : "";

    private static string Held(HoldingProcess process)
    {
        string[] names = [.. process.Holders.Select(h => h.Owner.Name).OrderBy(n => n.Length).ThenBy(n => n, StringComparer.Ordinal)];
        return names.Length <= NamesShown
            ? string.Join(", ", names)
            : $"{string.Join(", ", names.Take(NamesShown))} and {Lines.Count(names.Length - NamesShown)} more";
    }
}
