using System.Runtime.CompilerServices;
using AiMe.Journal;
using AiMe.Runtime;

namespace AiMe.Console.Checks;

/// <summary>Whether the store is there, can be written, and its journal can be read.</summary>
internal sealed class StoreCheck : ICheck
{
    /// <inheritdoc />
    public async IAsyncEnumerable<Finding> LookAsync(Subject subject, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var root = subject.Store;
        if (File.Exists(root))
            yield return new("store", Health.Bad, $"{root} is a file", "name a directory with --store");
        else if (!Directory.Exists(root))
            yield return new("store", Health.Good, $"{root} is not there yet", "the first `aime run` makes it");
        else if (!File.Exists(Path.Combine(root, "journal.db")))
            yield return new("store", Health.Good, $"{root} holds no journal yet");
        else
            yield return await JournalAsync(root, cancellationToken);
        if (Directory.Exists(root))
            yield return Writable(root);
    }

    private static async Task<Finding> JournalAsync(string root, CancellationToken cancellationToken)
    {
        try
        {
            await using var store = Common.OpenReadOnly(root);
            var runs = await Common.RunsAsync(store, cancellationToken);
            var schema = await store.Glance.SchemaAsync(cancellationToken);
            return new("store", Health.Good, $"{root}: {Views.Lines.Count(runs.Count, "run")}, {Views.Lines.Count(runs.Sum(r => r.Lives.Count), "instance")}, schema {schema}");
        }
        catch (Exception e) when (e is UsageException or JournalException or CorruptJournalException)
        {
            return new("store", Health.Bad, e.Message, "restore it from a backup, or name another with --store");
        }
    }

    // Tried, since rights alone do not tell: the medium may be read-only too.
    private static Finding Writable(string root)
    {
        var trial = Path.Combine(root, $".doctor-{Environment.ProcessId}");
        try
        {
            File.Create(trial).Dispose();
            File.Delete(trial);
            return new("writable", Health.Good, "yes");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new("writable", Health.Warning, $"no: {e.Message}", "reading commands work; for a run name another --store, or change the rights");
        }
    }
}

/// <summary>Room on the store's disk, and how far the journal's log has grown.</summary>
internal sealed class DiskCheck : ICheck
{
    private const long Enough = 1L << 30;
    private const long LargeLog = 256L << 20;

    /// <inheritdoc />
    public async IAsyncEnumerable<Finding> LookAsync(Subject subject, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var at = subject.Store;
        while (!Directory.Exists(at))
            at = Path.GetDirectoryName(at)!;
        var free = new DriveInfo(at).AvailableFreeSpace;
        yield return free >= Enough
            ? new("disk", Health.Good, $"{Size.Of(free)} free")
            : new("disk", Health.Warning, $"{Size.Of(free)} free", "free at least 1 GiB, or name a --store on another disk");

        if (new FileInfo(Path.Combine(subject.Store, "journal.db")) is not { Exists: true } journal)
            yield break;
        var log = new FileInfo($"{journal.FullName}-wal") is { Exists: true } wal ? wal.Length : 0;
        yield return log <= LargeLog
            ? new("journal", Health.Good, $"{Size.Of(journal.Length)}, its log {Size.Of(log)}")
            : new("journal", Health.Warning, $"{Size.Of(journal.Length)}, its log {Size.Of(log)}", "a reader keeps the log from being emptied: end what watches the store; it shrinks when the last one closes");
        await Task.CompletedTask;
    }
}
