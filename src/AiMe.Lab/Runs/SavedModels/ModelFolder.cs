using System.Collections.Immutable;
using System.Text;
using AiMe.Models.Nano;
using AiMe.Nano;
using AiMe.Nano.Checkpoints;

namespace AiMe.Lab.Runs.SavedModels;

/// <summary>Forms in which other programs load a model.</summary>
public enum ModelForm
{
    /// <summary>Hugging Face's files of a model of Llama's family, an adapter merged into the weights.</summary>
    HuggingFace,

    /// <summary>A file of llama.cpp, an adapter merged into the weights.</summary>
    Gguf,

    /// <summary>PEFT's files of an adapter; its base beside it, or named if it is a folder's checkpoint.</summary>
    Peft,
}

/// <summary>A file of an exported folder.</summary>
/// <param name="Path">In the folder.</param>
/// <param name="Write">Writes its content.</param>
public sealed record ExportedFile(string Path, Action<Stream> Write)
{
    internal static ExportedFile Of(string path, byte[] content) => new(path, stream => stream.Write(content));
}

/// <summary>A checkpoint as a folder that other programs load.</summary>
public static class ModelFolder
{
    // What a chat model's folder has beside shape, weights and tokenizer.
    private static readonly string[] Settings =
    [
        "tokenizer_config.json",
        "generation_config.json",
        "special_tokens_map.json",
        "chat_template.jinja",
    ];

    /// <summary>The files of the folder, in their order.</summary>
    /// <param name="numbers">Form of the matrices in a GGUF file; Hugging Face's files have float32.</param>
    /// <param name="card">What the README says of the model's origin and figures.</param>
    /// <exception cref="ArgumentException">There is no adapter to write separately.</exception>
    /// <exception cref="Models.ProviderException">The folder of a checkpoint is missing.</exception>
    public static ImmutableArray<ExportedFile> Of(LoadedCheckpoint checkpoint, ModelForm form, NumberForm numbers, ModelCard card)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(card);
        var file = $"{checkpoint.Id.Short}-{(numbers == NumberForm.F32 ? "f32" : "f16")}.gguf";
        var readme = ExportedFile.Of("README.md", Encoding.UTF8.GetBytes(card.Text(checkpoint, form, file)));
        return form switch
        {
            ModelForm.HuggingFace => [.. Llama("", checkpoint, checkpoint.Model.Merged()), readme],
            ModelForm.Gguf => [Gguf(checkpoint, file, numbers), readme],
            ModelForm.Peft => [.. Peft(checkpoint), readme],
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>Writes the folder, completely or not at all.</summary>
    /// <param name="directory">Does not exist, or is empty.</param>
    /// <returns>The folder's size, bytes.</returns>
    public static Task<long> WriteAsync(string directory, ImmutableArray<ExportedFile> files, CancellationToken cancellationToken) =>
        AtomicFiles.WriteFolderAsync(
            directory,
            folder =>
            {
                long bytes = 0;
                foreach (var file in files)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var path = Path.Combine(folder, file.Path);
                    Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                    using var stream = new FileStream(path, FileMode.CreateNew);
                    file.Write(stream);
                    stream.Flush(flushToDisk: true);
                    bytes += stream.Length;
                }

                if (Directory.Exists(directory))
                    Directory.Delete(directory); // empty, or this fails
                return Task.FromResult(bytes);
            },
            overwrite: false
        );

    private static IEnumerable<ExportedFile> Peft(LoadedCheckpoint checkpoint)
    {
        var adapter = checkpoint.Model.Adapter
            ?? throw new ArgumentException("the checkpoint has no adapter: all its weights were trained");
        yield return ExportedFile.Of("adapter_model.safetensors", adapter.ToSafetensors());
        yield return ExportedFile.Of("adapter_config.json", adapter.ToPeftConfig(checkpoint.Base.Checkpoint?.Folder ?? "base"));
        if (checkpoint.Base.Checkpoint is not null)
            yield break;
        foreach (var file in Llama("base/", checkpoint, checkpoint.Model.Weights))
            yield return file;
    }

    private static IEnumerable<ExportedFile> Llama(string folder, LoadedCheckpoint checkpoint, Weights weights)
    {
        yield return new ExportedFile($"{folder}model.safetensors", weights.WriteSafetensors);
        yield return ExportedFile.Of($"{folder}config.json", checkpoint.Model.Config.ToJson());
        yield return ExportedFile.Of($"{folder}tokenizer.json", checkpoint.Prompt.Tokenizer.ToJson());
        if (checkpoint.Base.Checkpoint is { } linked)
        {
            foreach (var name in Settings.Where(n => File.Exists(Path.Combine(linked.Folder, n))))
                yield return ExportedFile.Of(folder + name, File.ReadAllBytes(Path.Combine(linked.Folder, name)));
            yield break;
        }

        yield return ExportedFile.Of(
            $"{folder}tokenizer_config.json",
            Encoding.UTF8.GetBytes(
                "{\n  \"tokenizer_class\": \"PreTrainedTokenizerFast\",\n  \"eos_token\": \"<|end|>\",\n  "
                    + "\"clean_up_tokenization_spaces\": false\n}\n"
            )
        );
        // Any special token ends a text; the default tokens of a Llama would be different ones here.
        yield return ExportedFile.Of(
            $"{folder}generation_config.json",
            Encoding.UTF8.GetBytes($"{{\n  \"eos_token_id\": [{string.Join(", ", checkpoint.Prompt.Stop)}],\n  \"pad_token_id\": 0\n}}\n")
        );
    }

    private static ExportedFile Gguf(LoadedCheckpoint checkpoint, string file, NumberForm numbers)
    {
        var prompt = checkpoint.Prompt;
        var template = checkpoint.Base.Checkpoint is { } linked ? CheckpointFiles.SourceOfTemplate(linked.Folder) : null;
        var vocabulary = GgufVocabulary.FromJson(prompt.Tokenizer.ToJson(), prompt.Beginning, prompt.End, template);
        return new(file, stream => GgufFile.Write(stream, checkpoint.Model.Merged(), vocabulary, checkpoint.Id.Short, numbers));
    }
}
