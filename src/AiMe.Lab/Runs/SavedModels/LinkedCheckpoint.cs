using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiMe.Faculties.Supervisor;
using AiMe.Models;
using AiMe.Models.Nano;
using AiMe.Nano;

namespace AiMe.Lab.Runs.SavedModels;

/// <summary>
/// What a store keeps of a folder's checkpoint, which stays where it is: the folder's path, its digest, tokenizer and
/// shape, in a directory beside the base models that were trained here.
/// </summary>
/// <param name="Bytes">Size of the weights' files.</param>
internal sealed record LinkedCheckpoint(FolderCheckpoint Folder, long Bytes)
{
    private const string About = "base.json",
        Member = "checkpoint";

    /// <summary>Loads the checkpoint that a run names, and notes it in the store.</summary>
    /// <exception cref="ModelPreparationException">The folder is missing, or holds another checkpoint by now.</exception>
    public static async Task<(CheckpointFiles Files, Model Model)> LoadAsync(
        FolderCheckpoint folder,
        string modelsDirectory,
        IProgress<double>? progress,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var files = CheckpointFiles.Read(folder.Folder, folder.Context, folder.Template);
            if (CheckpointFiles.Digest(folder.Folder) is var digest && digest != folder.Files)
                throw new ModelPreparationException(
                    $"The checkpoint in {folder.Folder} is another than that of the run: expected files of digest {folder.Files[..12]}, "
                        + $"found {digest[..12]}. Put the original checkpoint there."
                );
            var model = files.Weights.Load(progress, cancellationToken);
            await NoteAsync(folder, files, model, modelsDirectory, cancellationToken);
            return (files, model);
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new ModelPreparationException($"The checkpoint in {folder.Folder} cannot be read: {e.Message}");
        }
    }

    /// <summary>The checkpoint that a base.json names; null if it is of a model that was trained here.</summary>
    public static LinkedCheckpoint? Read(JsonElement about) =>
        about.TryGetProperty(Member, out var json)
            ? new LinkedCheckpoint(
                new FolderCheckpoint(
                    json.GetProperty("folder").GetString()!,
                    json.GetProperty("files").GetString()!,
                    json.GetProperty("context").GetInt32(),
                    json.TryGetProperty("template", out var template) ? template.GetString() : null
                ),
                json.GetProperty("bytes").GetInt64()
            )
            : null;

    /// <summary>Reads from the folder; a fault names it.</summary>
    /// <exception cref="ProviderException">The folder or a file is missing or damaged.</exception>
    public static T Guarded<T>(string folder, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new ProviderException($"The checkpoint in {folder} cannot be read: {e.Message}", e);
        }
    }

    // Of all that makes two of them differ, and not of the folder's place.
    private static string NameOf(FolderCheckpoint folder, Model model) =>
        Convert.ToHexStringLower(
            SHA256.HashData(
                Encoding.UTF8.GetBytes(
                    string.Create(CultureInfo.InvariantCulture, $"{model.Digest} {folder.Files} {folder.Context} {folder.Template}")
                )
            )
        )[..16];

    private static async Task NoteAsync(
        FolderCheckpoint folder,
        CheckpointFiles files,
        Model model,
        string modelsDirectory,
        CancellationToken cancellationToken
    )
    {
        var directory = Path.Combine(modelsDirectory, $"nano-{ModelOrigin.Nano.OfFolder}-{NameOf(folder, model)}");
        var tokenizer = files.Tokenizer.ToJson();
        var bytes = Directory.GetFiles(folder.Folder, "*.safetensors").Sum(f => new FileInfo(f).Length);
        JsonObject link = new()
        {
            ["folder"] = folder.Folder,
            ["files"] = folder.Files,
            ["context"] = folder.Context,
            ["bytes"] = bytes,
        };
        if (folder.Template is { } template)
            link["template"] = template;
        JsonObject about = new()
        {
            ["sha256"] = model.Digest,
            ["tokenizer"] = Convert.ToHexStringLower(SHA256.HashData(tokenizer)),
            ["loss"] = null,
            [Member] = link,
        };
        var temporary = await AtomicFiles.WriteFolderAsync(
            directory,
            [
                ("tokenizer.json", tokenizer),
                ("config.json", model.Config.ToJson()),
                (About, Encoding.UTF8.GetBytes(about.ToJsonString() + "\n")),
            ],
            cancellationToken
        );
        try
        {
            if (Directory.Exists(directory))
                Directory.Delete(directory, recursive: true); // of another folder, or of another context
            Directory.Move(temporary, directory);
        }
        catch (IOException) when (File.Exists(Path.Combine(directory, About)))
        {
            AtomicFiles.RemoveFolder(temporary); // another run of this store noted it at the same time
        }
    }
}
