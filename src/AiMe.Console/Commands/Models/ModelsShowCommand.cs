using System.CommandLine;
using AiMe.Console.Views;
using AiMe.Mind;

namespace AiMe.Console.Commands;

/// <summary><c>aime models show</c>: what a checkpoint was made from, and what became of it.</summary>
internal static class ModelsShowCommand
{
    public static Command Create()
    {
        var checkpoint = ModelTarget.Argument();
        checkpoint.CompletionSources.Add(Completions.Checkpoints);
        var store = Common.StoreOption();
        var json = Common.JsonOption("The page as one JSON object");
        var command = new Command("show", "Show one checkpoint on one page: parent, dataset, hyper-parameters, seed, losses, the gate's figures beside its bounds, and who speaks with it") { checkpoint, store, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var opened = Stores.OpenReadOnly(parsed.GetRequiredValue(store));
            var target = await ModelTarget.FindAsync(opened, parsed.GetRequiredValue(checkpoint), cancellationToken);
            var page = new ModelPage(target, SizeOf(opened, target));
            if (parsed.GetValue(json))
                Terminal.Json(JsonObject.Of(page.WriteMembers));
            else
                Terminal.Output.Write(page.Render());
            return ExitCode.Done;
        });
        return command;
    }

    private static long? SizeOf(Journal.Store store, ModelTarget target)
    {
        if (target.Id.Short == target.Id.Value)
            return null; // a hosted model is no blob of ours
        var file = store.Blobs.PathOf(new Kernel.BlobId(target.Id.Value));
        return File.Exists(file) ? new FileInfo(file).Length : target.Pretrained?.Bytes;
    }
}
