using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using AiMe.Serve.Files;
using AiMe.Serve.Jobs;

namespace AiMe.Serve;

/// <summary>The server's own files as JSON. Unknown and missing members are errors.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectRequiredConstructorParameters = true,
    WriteIndented = true
)]
[JsonSerializable(typeof(StoredFile))]
[JsonSerializable(typeof(TuningJob))]
internal sealed partial class ServeJson : JsonSerializerContext
{
    /// <summary>Reads a file of the server.</summary>
    /// <exception cref="IOException">It is missing or damaged; the message names it.</exception>
    public static T Read<T>(string path, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), type) ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw new IOException($"{path} is damaged: {e.Message} Move its folder away to start without it.", e);
        }
    }
}
