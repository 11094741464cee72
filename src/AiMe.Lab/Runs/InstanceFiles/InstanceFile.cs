using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;

namespace AiMe.Lab.Runs.InstanceFiles;

/// <summary>
/// One or all instances of a run as a self-contained JSON Lines file: a head, the blobs, every row of the journal, and
/// an end with a digest over all of it.
/// </summary>
/// <remarks>docs/EXPORTS.md defines the format.</remarks>
internal static class InstanceFile
{
    /// <summary>Name of the format, in the first line.</summary>
    public const string Format = "aime.life";

    /// <summary>Version of the format.</summary>
    public const int Version = 1;

    /// <summary>A message that is JSON nested deeper than this is written as base64.</summary>
    public const int Depth = 200;

    /// <summary>Options for writing lines.</summary>
    public static readonly JsonWriterOptions Written = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = Depth * 2,
        SkipValidation = false,
    };

    /// <summary>Options for reading lines.</summary>
    public static readonly JsonReaderOptions Read = new() { MaxDepth = Depth * 2 };

    /// <summary>Whether a message can be embedded in a line as JSON and cut out again byte for byte.</summary>
    /// <remarks>It must be one JSON value without surrounding text and without line breaks.</remarks>
    public static bool IsPlain(ReadOnlySpan<byte> message)
    {
        if (message.IsEmpty || message.IndexOfAny((byte)'\n', (byte)'\r') >= 0 || message[0] <= ' ' || message[^1] <= ' ')
            return false;
        try
        {
            var reader = new Utf8JsonReader(message, new JsonReaderOptions { MaxDepth = Depth });
            while (reader.Read())
            {
                // Skip does not validate UTF-8; reading every text does.
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                    reader.GetString();
            }

            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}

/// <summary>The first line of an instance file.</summary>
/// <param name="Digest">Digest of the run, or null if it has not ended.</param>
/// <param name="Rows">Number of row lines.</param>
/// <param name="Blobs">Number of blob lines.</param>
/// <param name="BlobBytes">Size of the blobs; base64 adds a third.</param>
/// <param name="Weights">Whether the models' weights are among the blobs.</param>
/// <param name="Plan">The run's plan from its first event, so that readers can see what the file contains.</param>
internal sealed record InstanceFileHead(
    string Format,
    int Version,
    string Run,
    string? Digest,
    [property: JsonPropertyName("lives")] ImmutableArray<InstanceFileEntry> Instances,
    ImmutableArray<InstanceFileSupervisor> Supervisors,
    long Rows,
    int Blobs,
    long BlobBytes,
    bool Weights,
    JsonElement Plan
);

/// <summary>An instance in the file.</summary>
/// <param name="Events">Rows of its five streams.</param>
/// <param name="Digest">Digest of the instance: SHA-256 over the heads.</param>
internal sealed record InstanceFileEntry(string Instance, long Events, Heads Heads, string Digest);

/// <summary>A supervisor's stream in the file.</summary>
/// <param name="Head">Its last link.</param>
internal sealed record InstanceFileSupervisor(string Stream, long Events, Link Head);

/// <summary>The JSON of the first line. Unknown and missing members fail.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    MaxDepth = InstanceFile.Depth
)]
[JsonSerializable(typeof(InstanceFileHead))]
internal sealed partial class InstanceFileJson : JsonSerializerContext;

/// <summary>An instance file is invalid; the message names the line, what was expected and what was found.</summary>
public sealed class InstanceFileException(string message, Exception? inner = null) : Exception(message, inner);
