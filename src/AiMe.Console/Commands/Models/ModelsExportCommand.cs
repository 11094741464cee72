using System.CommandLine;
using AiMe.Console.Output;
using AiMe.Console.Output.Models;
using AiMe.Journal;
using AiMe.Lab.Runs.SavedModels;

namespace AiMe.Console.Commands.Models;

/// <summary><c>aime models export</c>: writes a checkpoint as a folder that other programs can load.</summary>
internal static class ModelsExportCommand
{
    public static Command Create()
    {
        var checkpoint = ModelTarget.Argument();
        checkpoint.CompletionSources.Add(Completions.Checkpoints);
        var store = SharedOptions.StoreOption();
        var output = new Option<string>("--out")
        {
            Description = "Folder to write; it must be new or empty",
            HelpName = "directory",
            Required = true,
            CompletionSources = { Completions.Directories },
        };
        var adapter = new Option<bool>("--adapter")
        {
            Description = "Export the adapter in PEFT's format, with its base, instead of merging it into the weights",
        };
        var command = new Command(
            "export",
            "Write a checkpoint as a folder that Hugging Face's transformers loads as a Llama model: weights, config, "
                + "tokenizer, and a README with its origin"
        )
        {
            checkpoint,
            store,
            output,
            adapter,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var directory = parsed.GetRequiredValue(output);
                MustBeFree(directory);
                await using var opened = Stores.OpenReadOnly(parsed.GetRequiredValue(store));
                var target = await ModelTarget.FindAsync(opened, parsed.GetRequiredValue(checkpoint), cancellationToken);
                ModelTarget.MustBeNano(target);
                var loaded = await LoadedCheckpoint.ReadAsync(opened, target.Id, target.Generation0, cancellationToken);
                var alone = parsed.GetValue(adapter);
                if (alone && loaded.Model.Adapter is null)
                    throw new UsageException(
                        $"--adapter: {target.Id.Short} has no adapter: "
                            + $"{(target.Made is null ? "it is a base model" : "all its weights were trained")}; omit the option"
                    );
                var files = ModelFolder.Of(loaded, alone, Says(target));
                await ModelFolder.WriteAsync(directory, files, cancellationToken);
                await System.Console.Error.WriteLineAsync(
                    $"Wrote {Lines.Count(files.Length, "file")}, {files.Sum(f => (long)f.Content.Length) / 1e6:0.0} MB, to {directory}."
                );
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static void MustBeFree(string directory)
    {
        if (File.Exists(directory))
            throw new UsageException($"--out: {directory} is a file, expected a new or empty folder");
        if (Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any())
            throw new UsageException($"--out: {directory} is not empty, expected a new or empty folder");
        if (
            Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory))) is { } parent
            && !Directory.Exists(parent)
        )
            throw new UsageException($"--out: directory {parent} does not exist");
    }

    // The README repeats the page of `models show`, which comes from the journal.
    private static IEnumerable<string> Says(ModelTarget target) =>
        ["## Origin", "", .. new ModelPage(target, Bytes: null).Origin().Select(line => $"- {line.Term}: {line.Meaning}")];
}
