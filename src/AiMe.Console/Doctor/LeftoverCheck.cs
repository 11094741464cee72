using System.Globalization;
using System.Runtime.CompilerServices;
using AiMe.Console.Commands;
using AiMe.EventSourcing;
using AiMe.Journal;

namespace AiMe.Console.Doctor;

/// <summary>Reports leftovers of dead processes: half-written models and blobs, and claims.</summary>
internal sealed class LeftoverCheck : ICheck
{
    /// <inheritdoc />
    public async IAsyncEnumerable<CheckResult> LookAsync(Subject subject, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (Directory.Exists(subject.Store.Root))
            yield return Parts(subject.Store.Root);
        if (await OwnersAsync(subject.Store, cancellationToken) is { } owners)
            yield return owners;
    }

    private static CheckResult Parts(string root)
    {
        var parts = Directory
            .EnumerateFileSystemEntries(root, $"*{AtomicFiles.Mark}*", new EnumerationOptions { RecurseSubdirectories = true })
            .Where(IsLeft)
            .Order(StringComparer.Ordinal)
            .ToList();
        return parts.Count == 0
            ? new("leftovers", Health.Good, "none")
            : new(
                "leftovers",
                Health.Warning,
                string.Join(", ", parts.Select(p => Path.GetRelativePath(root, p))),
                "their processes have exited: delete them"
            );
    }

    private static bool IsLeft(string path)
    {
        var number = path[(path.LastIndexOf(AtomicFiles.Mark, StringComparison.Ordinal) + AtomicFiles.Mark.Length)..];
        return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var process) && Processes.Started(process) is null;
    }

    // Null if there is no journal yet.
    private static async Task<CheckResult?> OwnersAsync(StoreAddress address, CancellationToken cancellationToken)
    {
        try
        {
            if (!Journal.EventStore.HasJournal(address))
                return null;
            await using var store = Stores.OpenReadOnly(address);
            var holders = await store.Ownership.HoldersAsync(cancellationToken);
            var (alive, gone) = (Processed(holders.Where(h => h.IsAlive)), Processed(holders.Where(h => !h.IsAlive)));
            return gone.Length == 0
                ? new("owners", Health.Good, alive.Length == 0 ? "none: no run is active" : alive)
                : new(
                    "owners",
                    Health.Warning,
                    $"exited: {gone}{(alive.Length > 0 ? $"; active: {alive}" : "")}",
                    "no repair needed: run the same `aime run` to resume"
                );
        }
        catch (Exception e) when (e is UsageException or JournalException or CorruptJournalException)
        {
            return new("owners", Health.Bad, e.Message, "see the check of the store");
        }
    }

    private static string Processed(IEnumerable<Holder> holders) =>
        string.Join(
            ", ",
            holders
                .Select(h => h.Owner)
                .GroupBy(o => $"process {o.Info.ProcessId} on {o.Info.Host}")
                .Select(g => $"{g.Key} holds {g.MinBy(o => o.Name.Length)!.Name} and " + $"{Output.Lines.Count(g.Count() - 1, "instance")}")
        );
}

/// <summary>Reports whether the base model of generation 0 exists.</summary>
internal sealed class ModelCheck : ICheck
{
    /// <inheritdoc />
    public async IAsyncEnumerable<CheckResult> LookAsync(Subject subject, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var directory = Path.Combine(subject.Store.Root, "models");
        string[] models = Directory.Exists(directory)
            ?
            [
                .. Directory
                    .GetDirectories(directory)
                    .Where(d => File.Exists(Path.Combine(d, "base.json")))
                    .Select(d => Path.GetFileName(d)!)
                    .Order(StringComparer.Ordinal),
            ]
            : [];
        yield return models.Length > 0
            ? new("base models", Health.Good, string.Join(", ", models))
            : new("base models", Health.Good, "none yet", "the first run trains one, in one to two minutes for the preset tiny");
        await Task.CompletedTask;
    }
}
