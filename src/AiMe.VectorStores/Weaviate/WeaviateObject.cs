using System.Text.Json;

namespace AiMe.VectorStores.Weaviate;

/// <summary>A memory as an object of Weaviate, in JSON.</summary>
/// <param name="Bytes">Its length in a request.</param>
internal readonly record struct WeaviateObject(JsonElement Json, int Bytes)
{
    public static WeaviateObject Of(StoredMemory memory, string collection)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(
            new WeaviateWritten(collection, memory.Key, MemoryFields.Of(memory), VectorFloats.Of(memory.Vector)),
            WeaviateJson.Default.WeaviateWritten
        );
        using var json = JsonDocument.Parse(bytes);
        return new WeaviateObject(json.RootElement.Clone(), bytes.Length + 1);
    }
}
