using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiMe.VectorStores.Weaviate;

internal sealed record WeaviateProperty(string Name, string[] DataType, string? Tokenization = null);

internal sealed record WeaviateIndex(string? Distance);

internal sealed record WeaviateTenancy(bool? Enabled);

internal sealed record WeaviateStopwords(string? Preset);

internal sealed record WeaviateInverted(WeaviateStopwords? Stopwords);

/// <summary>A collection as it is created, and as it is shown.</summary>
internal sealed record WeaviateClass(
    string Class,
    string? Description,
    string? Vectorizer,
    string? VectorIndexType,
    WeaviateIndex? VectorIndexConfig,
    IReadOnlyList<WeaviateProperty>? Properties,
    WeaviateInverted? InvertedIndexConfig = null,
    WeaviateTenancy? MultiTenancyConfig = null
);

internal sealed record WeaviateWritten(string Class, Guid Id, MemoryFields Properties, float[] Vector);

internal sealed record WeaviateBatch(IReadOnlyList<JsonElement> Objects);

internal sealed record WeaviateGraphQl(string Query);

internal sealed record WeaviateWhere(string Operator)
{
    public string[]? Path { get; init; }

    public string? ValueText { get; init; }

    public WeaviateWhere[]? Operands { get; init; }

    /// <summary>The objects of an instance.</summary>
    public static WeaviateWhere Of(InstanceKey instance) =>
        new("And") { Operands = [Equal("run", instance.Run), Equal("instance", instance.Instance)] };

    /// <summary>The objects of a run.</summary>
    public static WeaviateWhere Of(string run) => Equal("run", run);

    private static WeaviateWhere Equal(string name, string text) => new("Equal") { Path = [name], ValueText = text };
}

internal sealed record WeaviateMatch(string Class, WeaviateWhere Where);

internal sealed record WeaviateDelete(WeaviateMatch Match);

// Answers: what is not needed is not read, and what is needed may be missing.
internal sealed record WeaviateError(string? Message);

/// <summary>Errors in either form: a list, or one message.</summary>
internal sealed record WeaviateErrors(IReadOnlyList<WeaviateError>? Error, string? Message)
{
    [JsonIgnore]
    public string? Words => Error is { Count: > 0 } ? string.Join("; ", Error.Take(3).Select(e => e.Message)) : Message;
}

internal sealed record WeaviateResult(string? Status, WeaviateErrors? Errors);

internal sealed record WeaviateBatched(WeaviateResult? Result);

internal sealed record WeaviateCounts(double? Matches, double? Limit, double? Successful, double? Failed);

internal sealed record WeaviateDeleted(WeaviateCounts? Results);

internal sealed record WeaviateFound(float[]? Vector);

internal sealed record WeaviateObjects(IReadOnlyList<WeaviateFound>? Objects);

internal sealed record WeaviateRow(string? Memory, string? Digest, double? Cycle);

// In GraphQL this name has a capital.
internal sealed record WeaviateData(
    [property: JsonPropertyName("Get")] Dictionary<string, IReadOnlyList<WeaviateRow>?>? Get,
    [property: JsonPropertyName("Aggregate")] Dictionary<string, IReadOnlyList<WeaviateAggregate>?>? Aggregate
);

internal sealed record WeaviateAggregate(WeaviateCounted? Meta);

internal sealed record WeaviateCounted(long? Count);

internal sealed record WeaviateMeta(string? Version);

internal sealed record WeaviateAnswer(WeaviateData? Data, IReadOnlyList<WeaviateError>? Errors);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(WeaviateClass))]
[JsonSerializable(typeof(WeaviateWritten))]
[JsonSerializable(typeof(WeaviateBatch))]
[JsonSerializable(typeof(WeaviateGraphQl))]
[JsonSerializable(typeof(WeaviateDelete))]
[JsonSerializable(typeof(WeaviateErrors))]
[JsonSerializable(typeof(WeaviateBatched[]))]
[JsonSerializable(typeof(WeaviateDeleted))]
[JsonSerializable(typeof(WeaviateObjects))]
[JsonSerializable(typeof(WeaviateAnswer))]
[JsonSerializable(typeof(WeaviateMeta))]
internal sealed partial class WeaviateJson : JsonSerializerContext;
