using System.Collections.Immutable;
using System.Text.Json;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Runs.SavedModels;
using AiMe.Models;
using AiMe.Models.Nano;
using AiMe.Nano;
using AiMe.Nano.Tokens;

namespace AiMe.Lab.Analysis.Lineage;

/// <summary>A base model in a store's <c>models/</c>.</summary>
/// <param name="Name">Name of its directory, such as <c>nano-small-0a1b2c3d4e5f6071</c>.</param>
/// <param name="Id">SHA-256 of its weights: the checkpoint of generation 0.</param>
/// <param name="Loss">Cross-entropy at the end of its training, nats per token.</param>
/// <param name="Bytes">Size of its weights.</param>
public sealed record PretrainedModel(string Directory, string Name, string Preset, string Id, double Loss, long Bytes)
{
    /// <summary>The folder's checkpoint that it is; null for a model that was trained here.</summary>
    public FolderCheckpoint? Checkpoint { get; init; }

    /// <summary>Number of trainable parameters.</summary>
    public int Parameters => Shape.Parameters;

    /// <summary>The shape.</summary>
    /// <exception cref="ProviderException">Its config.json is damaged.</exception>
    public NanoConfig Shape => Checkpoint is null ? NanoConfig.Preset(Preset) : Linked().Weights.Config;

    /// <summary>How its prompts become tokens.</summary>
    /// <exception cref="ProviderException">The tokenizer is damaged, or a checkpoint's folder is missing.</exception>
    public TokenPrompt Prompt() => Checkpoint is null ? new NanoPrompt(Tokenizer(), Shape.Context) : Linked().Prompt();

    /// <summary>Loads the weights of a folder's checkpoint.</summary>
    /// <exception cref="ProviderException">The folder is missing, or its weights are others by now.</exception>
    public Model LoadLinked()
    {
        var model = LinkedCheckpoint.Guarded(Checkpoint!.Folder, () => Linked().Weights.Load());
        return model.Digest == Id
            ? model
            : throw new ProviderException(
                $"The weights in {Checkpoint.Folder} are others than those of the run: expected {Id}, found {model.Digest}. "
                    + "Put the original checkpoint there."
            );
    }

    private CheckpointFiles Linked() =>
        LinkedCheckpoint.Guarded(Checkpoint!.Folder, () =>
            CheckpointFiles.Read(Checkpoint.Folder, Checkpoint.Context, Checkpoint.Template)
        );

    /// <summary>
    /// Reads every complete base model of a store, in ordinal order of name; <c>verify</c> reports incomplete ones.
    /// </summary>
    public static ImmutableArray<PretrainedModel> All(string modelsDirectory) =>
        System.IO.Directory.Exists(modelsDirectory)
            ?
            [
                .. System
                    .IO.Directory.GetDirectories(modelsDirectory, "nano-*")
                    .Where(d => !d.Contains(AtomicFiles.Mark, StringComparison.Ordinal))
                    .Order(StringComparer.Ordinal)
                    .Select(In)
                    .OfType<PretrainedModel>(),
            ]
            : [];

    /// <summary>Finds the base model whose weights have this digest, or null.</summary>
    /// <param name="linked">
    /// The folder's checkpoint that it is, if a run says so: the same weights may be another one with another context, or a model
    /// that was trained here, which is found without it.
    /// </param>
    public static PretrainedModel? Find(string modelsDirectory, string id, FolderCheckpoint? linked = null)
    {
        PretrainedModel[] alike = [.. All(modelsDirectory).Where(m => m.Id == id)];
        return Array.Find(alike, m => m.Checkpoint == linked) ?? alike.FirstOrDefault();
    }

    /// <summary>Loads its tokenizer.</summary>
    /// <exception cref="ProviderException">The tokenizer is damaged.</exception>
    public Tokenizer Tokenizer()
    {
        try
        {
            return Nano.Tokens.Tokenizer.FromJson(File.ReadAllBytes(Path.Combine(Directory, "tokenizer.json")));
        }
        catch (Exception e) when (e is FormatException or IOException)
        {
            throw new ProviderException(
                $"The base model in {Directory} is damaged: {e.Message}. Delete the directory; the model is then retrained, with the "
                    + "same bits.",
                e
            );
        }
    }

    private static double LossOf(JsonElement loss) => loss.ValueKind == JsonValueKind.Null ? double.NaN : loss.GetDouble();

    /// <summary>The model in a directory; null if it is incomplete.</summary>
    internal static PretrainedModel? In(string directory)
    {
        try
        {
            using var about = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(directory, "base.json")));
            var (id, loss) = (about.RootElement.GetProperty("sha256").GetString()!, LossOf(about.RootElement.GetProperty("loss")));
            var name = Path.GetFileName(directory);
            if (LinkedCheckpoint.Read(about.RootElement) is { } linked)
                return new PretrainedModel(directory, name, ModelOrigin.Nano.OfFolder, id, loss, linked.Bytes)
                {
                    Checkpoint = linked.Folder,
                };
            return name.Split('-') is [_, var preset and ("tiny" or "small" or "base"), _]
                ? new PretrainedModel(directory, name, preset, id, loss, new FileInfo(Path.Combine(directory, "model.safetensors")).Length)
                : null;
        }
        catch (Exception e) when (e is JsonException or IOException or KeyNotFoundException or InvalidOperationException)
        {
            return null; // incomplete: verify reports it
        }
    }
}
