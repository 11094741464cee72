using System.CommandLine;
using AiMe.Console.Doctor;
using AiMe.Console.Output;
using AiMe.Console.Output.Documents;
using AiMe.Console.Terminal;
using AiMe.Journal;
using AiMe.Lab.Upkeep;

namespace AiMe.Console.Commands;

/// <summary><c>aime gc</c>: removes blobs that nothing refers to, and makes the journal's file smaller.</summary>
internal static class GcCommand
{
    private const string Superseded = "superseded";

    public static Command Create()
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "Only print what would be removed" };
        var checkpoints = SharedOptions.OneOf(
            "--checkpoints",
            "Also remove superseded checkpoints: weights that are not those of generation 0, of a champion, of a fork's beginning, or of "
                + "an instance that is not at rest. They cannot be sampled, promoted or forked any more",
            [Superseded],
            many: false
        );
        var store = SharedOptions.StoreOption();
        var json = SharedOptions.JsonOption(
            "One JSON object: {\"dryRun\", \"unusedBlobs\", \"supersededCheckpoints\", \"youngBlobs\", \"blobBytes\", \"journalBytes\"}"
        );
        var command = new Command(
            "gc",
            "Remove blobs to which no event refers, and make the journal's file smaller. Only blobs older than an hour are "
                + "removed, since a process may be about to refer to a younger one"
        )
        {
            dryRun,
            checkpoints,
            store,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
                await RunAsync(
                    parsed.GetRequiredValue(store),
                    parsed.GetValue(dryRun),
                    parsed.GetValue(checkpoints) is [Superseded],
                    parsed.GetValue(json),
                    cancellationToken
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        StoreAddress address,
        bool dryRun,
        bool superseded,
        bool json,
        CancellationToken cancellationToken
    )
    {
        await Stores.OpenReadOnly(address).DisposeAsync(); // a store that does not exist is refused, not created
        await using var store = await Stores.OpenAsync(address, Synchronous.Full, cancellationToken, cancellationToken);
        var found = await TerminalWriter.WhileAsync("Reading the journal", progress =>
            BlobCollection.FindAsync(store, superseded, progress, cancellationToken)
        );
        var (unused, old, bytes) = dryRun
            ? (found.Unused.Length, found.Superseded.Length, found.Unused.Concat(found.Superseded).Sum(b => b.Bytes))
            : BlobCollection.Remove(store, found);
        var shrunk = dryRun ? null : await CompactAsync(store, cancellationToken);
        var report = new GcOutput(dryRun, unused, old, found.Young, bytes, shrunk);
        if (json)
            TerminalWriter.Json(report);
        else
            Print(report);
        return ExitCode.Done;
    }

    // Null if it was not compacted.
    private static async Task<long?> CompactAsync(EventStore store, CancellationToken cancellationToken)
    {
        var host = (await store.Ownership.HoldersAsync(cancellationToken)).FirstOrDefault(h => h.IsAlive);
        if (host is null)
            return await store.CompactAsync(cancellationToken);
        System.Console.Error.WriteLine(
            $"The journal was not compacted, because process {host.Owner.Info.ProcessId} on {host.Owner.Info.Host} uses it: run "
                + "`aime gc` again when it has ended."
        );
        return null;
    }

    private static void Print(GcOutput report)
    {
        var done = report.DryRun ? "would be removed" : "removed";
        TerminalWriter.Line($"{Lines.Count(report.UnusedBlobs, "blob")} to which no event refers {done}.");
        if (report.SupersededCheckpoints > 0)
            TerminalWriter.Line($"{Lines.Count(report.SupersededCheckpoints, "superseded checkpoint")} {done}.");
        if (report.YoungBlobs > 0)
            TerminalWriter.Line(
                $"Not removed: {Lines.Count(report.YoungBlobs, "unused blob")} younger than an hour, because a process "
                    + $"may be about to refer to {(report.YoungBlobs == 1 ? "it" : "them")}."
            );
        TerminalWriter.Line($"{ByteSize.Of(report.BlobBytes)} of blobs {done}.");
        if (report.JournalBytes is { } bytes)
            TerminalWriter.Line($"The journal's file is {ByteSize.Of(bytes)} smaller.");
    }
}
