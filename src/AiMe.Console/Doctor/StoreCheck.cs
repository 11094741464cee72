using System.Diagnostics;
using System.Runtime.CompilerServices;
using AiMe.Console.Commands;
using AiMe.EventSourcing;
using AiMe.Journal;
using AiMe.Journal.Postgres;

namespace AiMe.Console.Doctor;

/// <summary>Checks that the store exists, is writable, and has a readable journal.</summary>
internal sealed class StoreCheck : ICheck
{
    /// <inheritdoc />
    public IAsyncEnumerable<CheckResult> LookAsync(Subject subject, CancellationToken cancellationToken) =>
        subject.Store switch
        {
            DirectoryAddress d => DirectoryAsync(d, cancellationToken),
            PostgresAddress p => DatabaseAsync(p, cancellationToken),
            _ => throw new UnreachableException(),
        };

    private static async IAsyncEnumerable<CheckResult> DirectoryAsync(
        DirectoryAddress address,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var root = address.Root;
        if (File.Exists(root))
            yield return new("store", Health.Bad, $"{root} is a file", "name a directory with --store");
        else if (!Directory.Exists(root))
            yield return new("store", Health.Good, $"{root} does not exist yet", "the first `aime run` creates it");
        else if (!EventStore.HasJournal(address))
            yield return new("store", Health.Good, $"{root} has no journal yet");
        else
            yield return (await JournalAsync(address, "restore it from a backup, or name another with --store", cancellationToken)).Store;
        if (Directory.Exists(root))
            yield return Writable("writable", root);
    }

    private static async IAsyncEnumerable<CheckResult> DatabaseAsync(
        PostgresAddress address,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        if (HasJournal(address) is { } none)
        {
            yield return none;
        }
        else
        {
            var (store, server) = await JournalAsync(address, "", cancellationToken);
            yield return store;
            if (server is not null)
            {
                yield return new(
                    "server",
                    Health.Good,
                    $"PostgreSQL {server.Version}, schema {server.Schema}, {ByteSize.Of(server.Bytes)} of tables and indexes"
                );
                yield return Durability(server);
                yield return server.IsStandby
                    ? new(
                        "writable",
                        Health.Warning,
                        "no: the server is a standby",
                        "reading commands work; to run experiments, use the primary server"
                    )
                    : new("writable", Health.Good, "yes");
            }
        }

        if (Directory.Exists(address.Root))
            yield return Writable("blobs", address.Root);
    }

    // Null if there is a journal.
    private static CheckResult? HasJournal(PostgresAddress address)
    {
        try
        {
            return EventStore.HasJournal(address)
                ? null
                : new("store", Health.Good, $"{address.Place} has no journal yet", "the first `aime run` creates its tables");
        }
        catch (JournalException e)
        {
            return new("store", Health.Bad, e.Message);
        }
    }

    private static CheckResult Durability(ServerFacts server)
    {
        var found =
            $"fsync {Word(server.Fsync)}, full_page_writes {Word(server.FullPageWrites)}, synchronous_commit {server.SynchronousCommit}";
        return server switch
        {
            { Fsync: false } => new(
                "durability",
                Health.Warning,
                found,
                "a crash of the server's machine may lose or corrupt acknowledged writes: set fsync = on"
            ),
            { FullPageWrites: false } => new(
                "durability",
                Health.Warning,
                found,
                "a crash of the server's machine may leave torn pages: set full_page_writes = on"
            ),
            { SynchronousCommit: "off" } => new("durability", Health.Good, found, "AiMe's own connections wait for the disk anyway"),
            _ => new("durability", Health.Good, found),
        };

        static string Word(bool on) => on ? "on" : "off";
    }

    private static async Task<(CheckResult Store, ServerFacts? Server)> JournalAsync(
        StoreAddress address,
        string advice,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await using var store = Stores.OpenReadOnly(address);
            var runs = await StoreLookup.RunsAsync(store, cancellationToken);
            var schema = await store.Glance.SchemaAsync(cancellationToken);
            return (
                new(
                    "store",
                    Health.Good,
                    $"{address.Place}: {Output.Lines.Count(runs.Count, "run")}, "
                        + $"{Output.Lines.Count(runs.Sum(r => r.Instances.Count), "instance")}, schema {schema}"
                ),
                await store.ServerAsync(cancellationToken)
            );
        }
        catch (Exception e) when (e is UsageException or JournalException or CorruptJournalException)
        {
            return (new("store", Health.Bad, e.Message, advice), null);
        }
    }

    // Tries to write a file: permissions alone are not enough, the medium may be read-only.
    private static CheckResult Writable(string check, string root)
    {
        var trial = Path.Combine(root, $".doctor-{Environment.ProcessId}");
        try
        {
            File.Create(trial).Dispose();
            File.Delete(trial);
            return new(check, Health.Good, check == "writable" ? "yes" : $"{root} can be written");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(
                check,
                Health.Warning,
                $"no: {e.Message}",
                "reading commands work; to run experiments, use another --store, or change the permissions"
            );
        }
    }
}

/// <summary>Reports free space on the store's disk, and the size of the journal's log.</summary>
internal sealed class DiskCheck : ICheck
{
    private const long Enough = 1L << 30;
    private const long LargeLog = 256L << 20;

    /// <inheritdoc />
    public async IAsyncEnumerable<CheckResult> LookAsync(Subject subject, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var at = subject.Store.Root;
        while (!Directory.Exists(at))
            at = Path.GetDirectoryName(at)!;
        var free = new DriveInfo(at).AvailableFreeSpace;
        yield return free >= Enough
            ? new("disk", Health.Good, $"{ByteSize.Of(free)} free")
            : new("disk", Health.Warning, $"{ByteSize.Of(free)} free", "free at least 1 GiB, or use a --store on another disk");

        if (subject.Store is not DirectoryAddress directory || new FileInfo(directory.Journal) is not { Exists: true } journal)
            yield break;
        var log = new FileInfo($"{journal.FullName}-wal") is { Exists: true } wal ? wal.Length : 0;
        yield return log <= LargeLog
            ? new("journal", Health.Good, $"{ByteSize.Of(journal.Length)}, its log {ByteSize.Of(log)}")
            : new(
                "journal",
                Health.Warning,
                $"{ByteSize.Of(journal.Length)}, its log {ByteSize.Of(log)}",
                "a reader prevents truncation of the log: stop all commands that watch the store; the log shrinks after that"
            );
        await Task.CompletedTask;
    }
}
