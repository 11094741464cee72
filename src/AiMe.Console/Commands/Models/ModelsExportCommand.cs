using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using AiMe.Console.Output;
using AiMe.Console.Output.Models;
using AiMe.Journal;
using AiMe.Lab.Runs.SavedModels;
using AiMe.Nano.Checkpoints;

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
        var form = new Option<ModelForm>("--as")
        {
            Description =
                "hf: Hugging Face's files, an adapter merged; gguf: a file of llama.cpp, an adapter merged; peft: the adapter "
                + "alone, with its base or its base's place",
            HelpName = "hf|gguf|peft",
            DefaultValueFactory = _ => ModelForm.HuggingFace,
            CustomParser = FormOf,
            CompletionSources = { "hf", "gguf", "peft" },
        };
        var half = new Option<bool>("--f16") { Description = "Write the matrices of a gguf file in f16, which halves it; default: f32" };
        var command = new Command(
            "export",
            "Write a checkpoint as a folder that other programs load: weights, config, tokenizer, and a model card with its origin"
        )
        {
            checkpoint,
            store,
            output,
            form,
            half,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var directory = parsed.GetRequiredValue(output);
                MustBeFree(directory);
                await using var opened = Stores.OpenReadOnly(parsed.GetRequiredValue(store));
                var target = await ModelTarget.FindAsync(opened, parsed.GetRequiredValue(checkpoint), cancellationToken);
                ModelTarget.MustBeNano(target);
                var loaded = await LoadedCheckpoint.ReadAsync(opened, target.Id, target.Generation0, cancellationToken, target.Origin);
                var wanted = parsed.GetValue(form);
                if (wanted == ModelForm.Peft && loaded.Model.Adapter is null)
                    throw new UsageException(
                        $"--as peft: {target.Id.Short} has no adapter: "
                            + $"{(target.Made is null ? "it is a base model" : "all its weights were trained")}; expected hf or gguf"
                    );
                if (parsed.GetValue(half) && wanted != ModelForm.Gguf)
                    throw new UsageException("--f16 is of --as gguf: the other forms hold float32; remove one of the two");
                var numbers = parsed.GetValue(half) ? NumberForm.F16 : NumberForm.F32;
                var card = new ModelCard(target.Made, [.. new ModelPage(target, Bytes: null).Origin()]);
                var files = Files(loaded, wanted, numbers, card);
                var bytes = await ModelFolder.WriteAsync(directory, files, cancellationToken);
                await System.Console.Error.WriteLineAsync(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Wrote {Lines.Count(files.Length, "file")}, {bytes / 1e6:0.0} MB, to {directory}."
                    )
                );
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static ModelForm FormOf(ArgumentResult given)
    {
        switch (given.Tokens.Single().Value)
        {
            case "hf":
                return ModelForm.HuggingFace;
            case "gguf":
                return ModelForm.Gguf;
            case "peft":
                return ModelForm.Peft;
            default:
                given.AddError($"--as: found '{given.Tokens.Single().Value}', expected hf, gguf or peft");
                return default;
        }
    }

    private static ImmutableArray<ExportedFile> Files(LoadedCheckpoint loaded, ModelForm form, NumberForm numbers, ModelCard card)
    {
        try
        {
            return ModelFolder.Of(loaded, form, numbers, card);
        }
        catch (FormatException e)
        {
            throw new UsageException($"--as: {e.Message}");
        }
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
}
