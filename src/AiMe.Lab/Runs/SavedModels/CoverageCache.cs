using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Journal;

namespace AiMe.Lab.Runs.SavedModels;

/// <summary>The coverage of newborns, kept beside their models, so that it is measured once.</summary>
public static class CoverageCache
{
    // Raised when the figures would change: what is asked, how it is sampled, or how words are found.
    private const int Form = 1;

    /// <summary>The figures of a model, from the cache or measured. Null if the store does not have the model.</summary>
    /// <param name="generation0">Generation 0 of a run with the embedded model.</param>
    /// <param name="keep">Whether new figures are written; a command that writes nothing does not keep them.</param>
    public static async Task<CharterCoverage?> EnsureAsync(
        EventStore store,
        ModelId generation0,
        Charter charter,
        bool keep,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(store);
        if (await FindAsync(store.ModelsDirectory, generation0, charter, cancellationToken) is { } known)
            return known;
        if (Analysis.Lineage.PretrainedModel.Find(store.ModelsDirectory, generation0.Value) is null)
            return null;
        var newborn = await LoadedCheckpoint.ReadAsync(store, generation0, generation0, cancellationToken);
        var measured = CharterCoverage.Of(newborn, charter, cancellationToken);
        if (keep)
            await AtomicFiles.WriteFileAsync(FileOf(store.ModelsDirectory, generation0, charter), Write(measured), cancellationToken);
        return measured;
    }

    /// <summary>The figures in the cache, or null. Measures nothing.</summary>
    public static async Task<CharterCoverage?> FindAsync(
        string modelsDirectory,
        ModelId generation0,
        Charter charter,
        CancellationToken cancellationToken
    )
    {
        var file = FileOf(modelsDirectory, generation0, charter);
        return File.Exists(file) ? Read(await File.ReadAllTextAsync(file, cancellationToken)) : null;
    }

    /// <summary>Whether a file of the cache is undamaged and of this build's form.</summary>
    internal static bool IsWhole(string text) => Read(text) is not null;

    // The figures on one line and their digest on the next, as in a calibration.
    private static byte[] Write(CharterCoverage coverage)
    {
        var figures = JsonSerializer.Serialize(coverage, CoverageJson.Default.CharterCoverage);
        return Encoding.UTF8.GetBytes($"{figures}\n{DigestOf(figures)}\n");
    }

    private static CharterCoverage? Read(string text)
    {
        var lines = text.Split('\n');
        return lines.Length == 3 && lines[1] == DigestOf(lines[0])
            ? JsonSerializer.Deserialize(lines[0], CoverageJson.Default.CharterCoverage)
            : null;
    }

    // By model and charter, since two charters may begin with the same model.
    private static string FileOf(string modelsDirectory, ModelId model, Charter charter)
    {
        string[] said = [charter.Name, charter.Stem, charter.Trade ?? ""];
        var key = DigestOf(string.Join('\t', [.. said, .. charter.Traits, "", .. charter.Values, "", .. charter.Goals]));
        return Path.Combine(modelsDirectory, $"coverage-{model.Value[..Math.Min(16, model.Value.Length)]}-{key[..16]}.json");
    }

    private static string DigestOf(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"aime.coverage.{Form} {CharterCoverage.Answers}\n{text}")));
}

[JsonSerializable(typeof(CharterCoverage))]
internal sealed partial class CoverageJson : JsonSerializerContext;
