using System.CommandLine;
using AiMe.Console.Doctor;
using AiMe.Console.Output;
using AiMe.Console.Output.Documents;
using AiMe.Console.Terminal;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Runs.Indexes;
using AiMe.Lab.Upkeep;
using AiMe.VectorStores;

namespace AiMe.Console.Commands;

/// <summary><c>aime delete</c>: removes a run from a store, after asking.</summary>
internal static class DeleteCommand
{
    public static Command Create()
    {
        var run = new Argument<string>("run") { Description = "A run: its id or its first characters" };
        run.CompletionSources.Add(Completions.Runs);
        var dryRun = new Option<bool>("--dry-run") { Description = "Only print what would be removed" };
        var vectors = new Option<bool>("--vectors")
        {
            Description = "Also delete the run's memories in its vector store (memory.index); else they stay there",
        };
        var yes = Confirmation.YesOption();
        var store = SharedOptions.StoreOption();
        var json = SharedOptions.JsonOption("One JSON object: {\"run\", \"dryRun\", \"instances\", \"events\", \"blobs\", \"bytes\", ...}");
        var command = new Command(
            "delete",
            "Remove a run with its instances and forks, its snapshots, inbox, saved replies, and the blobs that no other run refers to; "
                + "with --vectors also its memories in a vector store"
        )
        {
            run,
            dryRun,
            vectors,
            yes,
            store,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
                await RunAsync(
                    parsed.GetRequiredValue(run),
                    parsed.GetRequiredValue(store),
                    new Wish(parsed.GetValue(dryRun), parsed.GetValue(vectors), parsed.GetValue(yes), parsed.GetValue(json)),
                    cancellationToken
                )
        );
        return command;
    }

    private sealed record Wish(bool DryRun, bool Vectors, bool Yes, bool Json);

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

        await using var vectors = wish.Vectors && run.Plan!.Index is { } index ? StoreConnections.Connect(index) : null;
        StoredVectors stored = new(run.Plan!.Index?.Store, await CountAsync(vectors, content.Run, cancellationToken));
        foreach (var line in Words(content).Concat(stored.Words(content.Run)))
            System.Console.Error.WriteLine(line);
        if (wish.DryRun)
            return Tell(content, stored, wish, content.Blobs.Length, content.Bytes);
        if (!Confirmation.Ask($"Delete {content.Run}? It cannot be undone.", wish.Yes))
        {
            TerminalWriter.Line("Nothing was deleted.");
            return ExitCode.Error;
        }

        await using var store = await Stores.OpenAsync(address, Synchronous.Full, cancellationToken, cancellationToken);
        var (blobs, bytes) = await RemoveAsync(store, run, content, vectors, cancellationToken);
        return Tell(content, stored, wish, blobs, content.EventBytes + bytes);
    }

    private static async Task<long?> CountAsync(IVectorStore? vectors, string run, CancellationToken cancellationToken)
    {
        try
        {
            return vectors is null ? null : await vectors.CountAsync(run, cancellationToken);
        }
        catch (VectorStoreException e)
        {
            throw new VectorStoreException($"{e.Message} Nothing was deleted. {StoredVectors.Again}", e);
        }
    }

    private static async Task<(int Blobs, long Bytes)> RemoveAsync(
        EventStore store,
        SupervisorState run,
        RunContent content,
        IVectorStore? vectors,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await RunRemoval.RemoveAsync(store, run, content, vectors, cancellationToken);
        }
        catch (VectorStoreException e) when (vectors is not null)
        {
            var remains = await StoredVectors.RemainingAsync(vectors, content.Run, cancellationToken);
            throw new VectorStoreException($"{e.Message} {remains} Of the run itself nothing was deleted. {StoredVectors.Again}", e);
        }
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

    private static int Tell(RunContent content, StoredVectors stored, Wish wish, int blobs, long bytes)
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
                    bytes,
                    stored.Store,
                    stored.Memories
                )
            );
        else
            TerminalWriter.Line(
                wish.DryRun
                    ? $"Nothing was deleted; {ByteSize.Of(bytes)} would be{stored.AndMemories}."
                    : $"Deleted {content.Run}, {ByteSize.Of(bytes)}{stored.AndMemories}. A journal in a file becomes smaller with the next "
                        + "`aime gc`."
            );
        return ExitCode.Done;
    }
}
