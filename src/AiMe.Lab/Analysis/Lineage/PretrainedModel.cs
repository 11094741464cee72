using System.Collections.Immutable;
using System.Text.Json;
using AiMe.Models;
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
    /// <summary>Number of trainable parameters.</summary>
    public int Parameters => NanoConfig.Preset(Preset).Parameters;

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
    public static PretrainedModel? Find(string modelsDirectory, string id) => All(modelsDirectory).FirstOrDefault(m => m.Id == id);

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

    /// <summary>The model in a directory; null if it is incomplete.</summary>
    internal static PretrainedModel? In(string directory)
    {
        try
        {
            using var about = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(directory, "base.json")));
            var (id, loss) = (about.RootElement.GetProperty("sha256").GetString()!, about.RootElement.GetProperty("loss").GetDouble());
            var name = Path.GetFileName(directory);
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
