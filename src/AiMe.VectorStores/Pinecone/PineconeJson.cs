using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiMe.VectorStores.Pinecone;

internal sealed record PineconeIs<T>([property: JsonPropertyName("$eq")] T Value);

internal sealed record PineconeFilter(PineconeIs<string> Run, PineconeIs<string>? Instance)
{
    public PineconeIs<bool>? Recallable { get; init; }

    /// <summary>The records of an instance.</summary>
    public static PineconeFilter Of(InstanceKey instance) => new(new(instance.Run), new(instance.Instance));

    /// <summary>The records of a run.</summary>
    public static PineconeFilter Of(string run) => new(new(run), Instance: null);
}

internal sealed record PineconeVector(string Id, float[] Values, MemoryFields Metadata);

internal sealed record PineconeUpsert(IReadOnlyList<JsonElement> Vectors, string Namespace);

internal sealed record PineconeQuery(string Namespace, int TopK, float[] Vector, PineconeFilter Filter, bool IncludeMetadata);

internal sealed record PineconeFetch(string Namespace, PineconeFilter Filter, int Limit, string? PaginationToken);

internal sealed record PineconeDelete(string Namespace, PineconeFilter Filter);

internal sealed record PineconeAsksStats;

// Answers: what is not needed is not read, and what is needed may be missing.
internal sealed record PineconeNamespace(long? VectorCount);

internal sealed record PineconeStats(
    int? Dimension,
    string? Metric,
    Dictionary<string, PineconeNamespace?>? Namespaces,
    long? TotalVectorCount
);

internal sealed record PineconeUpserted(int? UpsertedCount);

internal sealed record PineconeDeleted;

internal sealed record PineconeMetadata(string? Memory, string? Digest);

internal sealed record PineconeFound(string? Id, PineconeMetadata? Metadata);

internal sealed record PineconeMatches(IReadOnlyList<PineconeFound>? Matches);

internal sealed record PineconeNext(string? Next);

internal sealed record PineconePage(Dictionary<string, PineconeFound>? Vectors, PineconeNext? Pagination);

internal sealed record PineconeStatus(int? Code, string? Message);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(PineconeVector))]
[JsonSerializable(typeof(PineconeUpsert))]
[JsonSerializable(typeof(PineconeQuery))]
[JsonSerializable(typeof(PineconeFetch))]
[JsonSerializable(typeof(PineconeDelete))]
[JsonSerializable(typeof(PineconeAsksStats))]
[JsonSerializable(typeof(PineconeStats))]
[JsonSerializable(typeof(PineconeUpserted))]
[JsonSerializable(typeof(PineconeDeleted))]
[JsonSerializable(typeof(PineconeMatches))]
[JsonSerializable(typeof(PineconePage))]
[JsonSerializable(typeof(PineconeStatus))]
internal sealed partial class PineconeJson : JsonSerializerContext;
