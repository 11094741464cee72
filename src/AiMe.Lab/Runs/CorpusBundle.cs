using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiMe.Corpora;
using AiMe.EventSourcing;
using AiMe.Lab.Experiments.Readers;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Runs;

/// <summary>
/// The source files of a base model as one blob, so that a store can prepare its models without the original folder.
/// </summary>
/// <param name="Grammar">Name of the grammar among the files; the charter's is <see cref="CharterName"/>.</param>
/// <param name="Authored">Name of the authored exchanges among them, or null.</param>
/// <param name="Files">Text by name, relative to the grammar's folder.</param>
internal sealed record CorpusBundle(string Grammar, string? Authored, ImmutableSortedDictionary<string, string> Files)
{
    private const string CharterName = "charter.yaml";

    /// <summary>Collects the files of an experiment's corpus.</summary>
    /// <exception cref="GrammarException">One of them cannot be read, or is outside the grammar's folder.</exception>
    /// <param name="charter">The charter's file.</param>
    /// <param name="text">The charter, if no file has it as it is; else null.</param>
    public static CorpusBundle Of(string grammar, string charter, string? text)
    {
        Problems problems = new();
        var folder = Path.GetDirectoryName(Path.GetFullPath(grammar))!;
        var files = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (path, part) in CorpusFile.Files(grammar, problems) ?? [])
        {
            var name = Path.GetRelativePath(folder, Path.GetFullPath(path)).Replace('\\', '/');
            if (Path.IsPathRooted(name) || name.StartsWith("../", StringComparison.Ordinal))
                throw new GrammarException(
                    grammar,
                    1,
                    "include",
                    $"the file '{name}' is outside the folder of the grammar; move it into that folder, so that the corpus can "
                        + "be stored as one blob"
                );
            files[name] = part;
        }

        var charterText = text ?? TextFile.Read(charter, problems);
        if (problems.All.FirstOrDefault(p => p.Severity == Severity.Error) is { } problem)
            throw new GrammarException(problem.At.File, problem.At.Line, problem.Key, problem.Text);
        files[CharterName] = charterText!;
        return new CorpusBundle(
            Path.GetFileName(grammar),
            PreparedNano.AuthoredBeside(grammar) is { } authored ? Path.GetFileName(authored) : null,
            files.ToImmutable()
        );
    }

    /// <summary>Stores the bundle. The same files give the same blob.</summary>
    public Task<BlobId> SaveAsync(IBlobs blobs, CancellationToken cancellationToken) =>
        blobs.PutAsync(JsonSerializer.SerializeToUtf8Bytes(this, CorpusBundleJson.Default.CorpusBundle), cancellationToken);

    /// <summary>The corpus in a blob.</summary>
    /// <param name="directory">Receives the files; created if it is missing.</param>
    /// <param name="charter">Another charter as the text of a charter file; null for that of the blob.</param>
    /// <exception cref="CorruptBlobException">The blob is missing or altered.</exception>
    public static async Task<Corpus> LoadAsync(
        BlobId id,
        IBlobs blobs,
        string directory,
        string? charter,
        CancellationToken cancellationToken
    )
    {
        var bundle = JsonSerializer.Deserialize(await blobs.GetAsync(id, cancellationToken), CorpusBundleJson.Default.CorpusBundle)
            ?? throw new CorruptBlobException($"The blob {id} holds no corpus.");
        var folder = Path.Combine(directory, id.Sha256[..16]);
        foreach (var (name, text) in bundle.Files)
        {
            var file = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            if (!File.Exists(file) || await File.ReadAllTextAsync(file, cancellationToken) != text)
                await AtomicFiles.WriteFileAsync(file, Encoding.UTF8.GetBytes(text), cancellationToken);
        }

        return Corpus.Load(
            Path.Combine(folder, bundle.Grammar),
            charter is null
                ? CharterSlots.Load(Path.Combine(folder, CharterName))
                : CharterSlots.Parse(Path.Combine(folder, CharterName), charter),
            bundle.Authored is { } authored ? Path.Combine(folder, authored) : null
        );
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true
)]
[JsonSerializable(typeof(CorpusBundle))]
internal sealed partial class CorpusBundleJson : JsonSerializerContext;
