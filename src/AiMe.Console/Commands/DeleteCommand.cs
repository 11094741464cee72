using System.CommandLine;
using AiMe.Console.Doctor;
using AiMe.Console.Output;
using AiMe.Console.Output.Documents;
using AiMe.Console.Terminal;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Upkeep;

namespace AiMe.Console.Commands;

/// <summary><c>aime delete</c>: removes a run from a store, after asking.</summary>
internal static class DeleteCommand
{
    public static Command Create()
    {
        var run = new Argument<string>("run") { Description = "A run: its id or its first characters" };
        run.CompletionSources.Add(Completions.Runs);
        var dryRun = new Option<bool>("--dry-run") { Description = "Only print what would be removed" };
        var yes = Confirmation.YesOption();
        var store = SharedOptions.StoreOption();
        var json = SharedOptions.JsonOption("One JSON object: {\"run\", \"dryRun\", \"instances\", \"events\", \"blobs\", \"bytes\", ...}");
        var command = new Command(
            "delete",
            "Remove a run with its instances and forks, its snapshots, inbox, saved replies, and the blobs that no other run refers to"
        )
        {
            run,
            dryRun,
            yes,
            store,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
                await RunAsync(
                    parsed.GetRequiredValue(run),
                    parsed.GetRequiredValue(store),
                    new Wish(parsed.GetValue(dryRun), parsed.GetValue(yes), parsed.GetValue(json)),
                    cancellationToken
                )
        );
        return command;
    }

    private sealed record Wish(bool DryRun, bool Yes, bool Json);

    private static async Task<int> RunAsync(string name, StoreAddress address, Wish wish, CancellationToken cancellationToken)
    {
        SupervisorState run;
        RunContent content;
        await using (var opened = Stores.OpenReadOnly(address))
        {
            run = await StoreLookup.RunAsync(opened, name, cancellationToken, takesNewest: false);
            await RefuseHostedAsync(opened, run.Plan!.Run, cancellationToken);
            content = await TerminalWriter.WhileAsync("Reading the journal", progress =>
                RunRemoval.FindAsync(opened, run, progress, cancellationToken)
            );
        }

        foreach (var line in Words(content))
            System.Console.Error.WriteLine(line);
        if (wish.DryRun)
            return Tell(content, wish, content.Blobs.Length, content.Bytes);
        if (!Confirmation.Ask($"Delete {content.Run}? It cannot be undone.", wish.Yes))
        {
            TerminalWriter.Line("Nothing was deleted.");
            return ExitCode.Error;
        }

        await using var store = await Stores.OpenAsync(address, Synchronous.Full, cancellationToken, cancellationToken);
        var (blobs, bytes) = await RunRemoval.RemoveAsync(store, run, content, cancellationToken);
        return Tell(content, wish, blobs, content.EventBytes + bytes);
    }

    // The claim refuses this too; this is before anything is read or asked.
    private static async Task RefuseHostedAsync(EventStore store, string run, CancellationToken cancellationToken)
    {
        var holders = await store.Ownership.HoldersAsync(cancellationToken);
        if (
            holders.FirstOrDefault(h =>
                h.IsAlive && (h.Owner.Name == run || h.Owner.Name.StartsWith($"{run}/", StringComparison.Ordinal))
            ) is
            { } holder
        )
            throw new AlreadyOwnedException(holder.Owner, holder.IsAgeUnknown);
    }

    private static IEnumerable<string> Words(RunContent content)
    {
        var forks = content.Forks > 0 ? $" ({Lines.Count(content.Forks, "fork")} among them)" : "";
        yield return $"{content.Run}: {Lines.Count(content.Instances, "instance")}{forks}, {Lines.Count(content.Events, "event")} of "
            + $"{ByteSize.Of(content.EventBytes)}, {Lines.Count(content.Inbox, "message")} in the inbox, and "
            + $"{Lines.Count(content.Blobs.Length, "blob")} of {ByteSize.Of(content.Blobs.Sum(b => b.Bytes))} go.";
        if (content.SharedBlobs > 0)
            yield return $"{Lines.Count(content.SharedBlobs, "blob")} to which other runs refer, and models/ and corpora/, stay.";
    }

    private static int Tell(RunContent content, Wish wish, int blobs, long bytes)
    {
        if (wish.Json)
            TerminalWriter.Json(
                new DeleteOutput(
                    content.Run,
                    wish.DryRun,
                    content.Instances,
                    content.Forks,
                    content.Events,
                    content.Inbox,
                    blobs,
                    content.SharedBlobs,
                    bytes
                )
            );
        else
            TerminalWriter.Line(
                wish.DryRun
                    ? $"Nothing was deleted; {ByteSize.Of(bytes)} would be."
                    : $"Deleted {content.Run}, {ByteSize.Of(bytes)}. A journal in a file becomes smaller with the next `aime gc`."
            );
        return ExitCode.Done;
    }
}
