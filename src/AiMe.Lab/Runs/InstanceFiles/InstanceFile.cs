using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;

namespace AiMe.Lab.Runs.InstanceFiles;

/// <summary>
/// A whole life, or all lives of a run, as one file of JSON Lines that needs nothing else: a head, the blobs, every row of
/// the journal, an end with a
/// digest over all of it. docs/EXPORTS.md has the format.
/// </summary>
internal static class InstanceFile
{
    /// <summary>What the first line begins with.</summary>
    public const string Format = "aime.life";

    /// <summary>Of the format.</summary>
    public const int Version = 1;

    /// <summary>A message that is JSON nested deeper than this is written as base64.</summary>
    public const int Depth = 200;

    /// <summary>How lines are written.</summary>
    public static readonly JsonWriterOptions Written = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = Depth * 2,
        SkipValidation = false,
    };

    /// <summary>How lines are read.</summary>
    public static readonly JsonReaderOptions Read = new() { MaxDepth = Depth * 2 };

    /// <summary>
    /// Whether a message can stand in a line as the JSON that it is and be cut out again byte for byte: one JSON value,
    /// with nothing before it or behind
    /// it, and without a line's end.
    /// </summary>
    public static bool IsPlain(ReadOnlySpan<byte> message)
    {
        if (message.IsEmpty || message.IndexOfAny((byte)'\n', (byte)'\r') >= 0 || message[0] <= ' ' || message[^1] <= ' ')
            return false;
        try
        {
            var reader = new Utf8JsonReader(message, new JsonReaderOptions { MaxDepth = Depth });
            while (reader.Read())
            {
                // Skip would not look at what it skips for UTF-8; reading every text does.
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

/// <summary>The first line of a life file.</summary>
/// <param name="Digest">Of the run, or null where it has not ended.</param>
/// <param name="Rows">Lines of rows.</param>
/// <param name="Blobs">Lines of blobs.</param>
/// <param name="BlobBytes">Of the blobs themselves; in base64 they take a third more.</param>
/// <param name="Weights">Whether the models' weights are among the blobs.</param>
/// <param name="Plan">The run's plan as its first event has it: for people, and for whoever wants to know what is in the file.</param>
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

/// <summary>A life in it.</summary>
/// <param name="Events">Rows of its five streams.</param>
/// <param name="Digest">Of the instance: SHA-256 over the heads.</param>
internal sealed record InstanceFileEntry(string Instance, long Events, Heads Heads, string Digest);

/// <summary>A supervisor's stream in it.</summary>
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

/// <summary>A file of lives cannot be taken: the message says in which line, what was expected and what was found.</summary>
public sealed class InstanceFileException(string message, Exception? inner = null) : Exception(message, inner);
