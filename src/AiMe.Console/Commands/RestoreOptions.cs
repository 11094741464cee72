using System.Security.Cryptography;
using AiMe.Console.Output;
using AiMe.Console.Output.Documents;
using AiMe.Console.Terminal;
using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Runs;
using AiMe.Lab.Runs.InstanceFiles;

namespace AiMe.Console.Commands;

/// <summary>Restores instances from a file into a store.</summary>
internal static class RestoreOptions
{
    /// <exception cref="UsageException">
    /// The file was altered, or the store has other events under these names; nothing was written.
    /// </exception>
    public static async Task<int> RunAsync(
        string file,
        StoreAddress address,
        Synchronous synchronous,
        bool dryRun,
        bool json,
        CancellationToken cancellationToken
    )
    {
        // A dry run creates no store: a store that does not exist counts as empty.
        if (dryRun && !EventStore.HasJournal(address))
        {
            await using var nothing = new InMemoryJournal(TimeProvider.System);
            Tell(await CheckAsync(file, nothing, new InMemoryBlobs(), cancellationToken), address, dryRun, json);
            return ExitCode.Done;
        }

        if (dryRun)
        {
            await using var looked = Stores.OpenReadOnly(address);
            Tell(await CheckAsync(file, looked.Journal, looked.Blobs, cancellationToken), address, dryRun, json);
            return ExitCode.Done;
        }

        if (!EventStore.HasJournal(address))
        {
            await using var nothing = new InMemoryJournal(TimeProvider.System);
            // check first: an invalid file must not leave a new store behind
            await CheckAsync(file, nothing, new InMemoryBlobs(), cancellationToken);
        }

        await using var store = await Stores.OpenAsync(address, synchronous, giveUp: cancellationToken, cancellationToken);
        Tell(await RestoreAsync(file, store, cancellationToken), address, dryRun, json);
        return ExitCode.Done;
    }

    private static async Task<InstanceChecked> RestoreAsync(string file, EventStore store, CancellationToken cancellationToken)
    {
        var found = await CheckAsync(file, store.Journal, store.Blobs, cancellationToken);
        if (found is { Rows: 0, Blobs: 0 })
            return found;
        var writer = WriterId.Of(RandomNumberGenerator.GetHexString(WriterId.Digits, lowercase: true));
        var held = await store.Ownership.ClaimAsync(
            [.. found.Supervisors.Select(OwnedName), .. found.Instances.Select(l => $"{found.Run}/{l.Instance}")],
            OwnerInfo.Here(writer),
            cancellationToken
        );
        try
        {
            await Heartbeat.WhileAsync(store.Ownership, held, writer, TimeProvider.System, WriteAsync, cancellationToken);
            return found;
        }
        finally
        {
            await store.Ownership.ReleaseAsync(held, writer, CancellationToken.None);
        }

        // Checking takes as long as writing, so the heartbeat covers both.
        async Task WriteAsync(CancellationToken cancelled)
        {
            found = await CheckAsync(file, store.Journal, store.Blobs, cancelled); // again, now that the claim excludes other writers
            await using var again = File.OpenRead(file);
            await InstanceImport.WriteAsync(again, found, store.Journal, store.Blobs, cancelled);
        }
    }

    private static string OwnedName(PersistenceId supervisor)
    {
        var run = Shard.RunOf(supervisor, out var shard)!;
        return RunSession.OwnedName(run, shard);
    }

    private static async Task<InstanceChecked> CheckAsync(string path, IJournal journal, IBlobs blobs, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = File.OpenRead(path);
            return await InstanceImport.CheckAsync(file, journal, blobs, cancellationToken);
        }
        catch (InstanceFileException e)
        {
            throw new UsageException($"{path}: {e.Message}; nothing was written.");
        }
    }

    private static void Tell(InstanceChecked found, StoreAddress address, bool dryRun, bool json)
    {
        if (json)
        {
            TerminalWriter.Json(new ImportOutput(found.Run, found.Digest, dryRun, found.Rows, found.Blobs, found.Instances));
            return;
        }

        var (whole, rest, there) = (
            found.Instances.Count(l => l.Missing == l.Events),
            found.Instances.Count(l => l.Missing > 0 && l.Missing < l.Events),
            found.Instances.Count(l => l.Missing == 0)
        );
        string?[] parts =
        [
            whole > 0 ? $"{Lines.Count(whole)} {(dryRun ? "to restore" : "restored")}" : null,
            rest > 0 ? $"{Lines.Count(rest)} {(dryRun ? "to complete" : "completed")}" : null,
            there > 0 ? $"{Lines.Count(there)} already present" : null,
        ];
        TerminalWriter.Line(
            $"{found.Run}: {Lines.Count(found.Instances.Length, "instance")}, "
                + $"{string.Join(", ", parts.OfType<string>())}; {Lines.Count(found.Rows, "row")} and "
                + $"{Lines.Count(found.Blobs, "blob")} {(dryRun ? "would be written" : "written")}."
        );
        TerminalWriter.Line(found.Digest is { } digest ? $"The run's digest is {digest}." : "The run had not finished.");
        if (!dryRun)
            TerminalWriter.Line($"  {Invocation.Of(["list", "--run", found.Run, .. address.Arguments])}");
    }
}
