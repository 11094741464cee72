using System.CommandLine;
using AiMe.Console.Output.Documents;
using AiMe.Console.Output.Models;
using AiMe.Console.Terminal;
using AiMe.Journal;

namespace AiMe.Console.Commands.Models;

/// <summary><c>aime models show</c>: prints the origin and the state of a checkpoint.</summary>
internal static class ModelsShowCommand
{
    public static Command Create()
    {
        var checkpoint = ModelTarget.Argument();
        checkpoint.CompletionSources.Add(Completions.Checkpoints);
        var store = SharedOptions.StoreOption();
        var json = SharedOptions.JsonOption("The page as one JSON object");
        var command = new Command(
            "show",
            "Show one checkpoint on one page: parent, dataset, hyper-parameters, seed, losses, the gate's figures with "
                + "their bounds, and the instances that use it"
        )
        {
            checkpoint,
            store,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var opened = Stores.OpenReadOnly(parsed.GetRequiredValue(store));
                var target = await ModelTarget.FindAsync(opened, parsed.GetRequiredValue(checkpoint), cancellationToken);
                var page = new ModelPage(target, SizeOf(opened, target));
                if (parsed.GetValue(json))
                    TerminalWriter.Json(ModelsShowOutput.Of(page));
                else
                    TerminalWriter.Output.Write(page.Render());
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static long? SizeOf(Journal.EventStore store, ModelTarget target)
    {
        if (target.Id.Short == target.Id.Value)
            return null; // a hosted model is not a blob of this store
        var file = store.Blobs.PathOf(new EventSourcing.BlobId(target.Id.Value));
        return File.Exists(file) ? new FileInfo(file).Length : target.Pretrained?.Bytes;
    }
}
