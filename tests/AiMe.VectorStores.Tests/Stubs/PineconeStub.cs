using System.Text;
using System.Text.Json.Nodes;
using AiMe.VectorStores.Pinecone;
using Microsoft.AspNetCore.Http;

namespace AiMe.VectorStores.Tests.Stubs;

/// <summary>Pinecone's data plane with its limits, at once consistent, for indexes of 16 dimensions, and of 64 if their name ends so.</summary>
internal sealed class PineconeStub : HttpStub
{
    private const int MostBytes = 2 * 1024 * 1024,
        MostMetadata = 40 * 1024;

    private readonly Dictionary<(string Index, string Namespace), SortedDictionary<string, StubPoint>> _namespaces = [];

    /// <summary>Whether there is one index only, of 16 dimensions, at the root.</summary>
    public bool HasOneIndex { get; init; }

    /// <summary>Components of the vectors of the index at the root.</summary>
    public int Dimensions { get; init; } = 16;

    public override void Clear() => _namespaces.Clear();

    protected override IVectorStore Connect(string place, TimeSpan timeout, Uri address, HttpClient client) =>
        new PineconeStore(
            new PineconeOptions(
                new Uri(address, !HasOneIndex && place.EndsWith("64", StringComparison.Ordinal) ? "i64" : ""),
                Key,
                timeout
            ),
            client
        );

    protected override JsonNode ErrorOf(int status, string words) =>
        new JsonObject
        {
            ["code"] = CodeOf(status),
            ["message"] = words,
            ["details"] = new JsonArray(),
        };

    protected override (int, JsonNode?) Answer(HttpRequest request, JsonNode? body)
    {
        var path = request.Path.Value!;
        var index = path.StartsWith("/i64/", StringComparison.Ordinal) ? "/i64" : "";
        if (request.Headers["Api-Key"] != Key)
            return Error(401, "Unauthorized");
        if (request.Headers["X-Pinecone-Api-Version"] != "2025-10")
            return Error(400, "the version is unknown");
        if (request.ContentLength > MostBytes)
            return Error(400, $"message length too large: found {request.ContentLength} bytes, the limit is: {MostBytes} bytes");
        var space = (index, body?["namespace"]?.GetValue<string>() ?? "");
        return path[index.Length..] switch
        {
            "/describe_index_stats" => (
                200,
                new JsonObject
                {
                    ["dimension"] = DimensionsOf(index),
                    ["metric"] = "cosine",
                    ["vectorType"] = "dense",
                    ["totalVectorCount"] = _namespaces.Where(n => n.Key.Index == index).Sum(n => n.Value.Count),
                    ["namespaces"] = new JsonObject(
                        _namespaces
                            .Where(n => n.Key.Index == index)
                            .Select(n =>
                                KeyValuePair.Create<string, JsonNode?>(n.Key.Namespace, new JsonObject { ["vectorCount"] = n.Value.Count })
                            )
                    ),
                }
            ),
            "/vectors/upsert" => Upsert(space, body!["vectors"]!.AsArray(), DimensionsOf(index)),
            "/query" => Query(space, body!, DimensionsOf(index)),
            "/vectors/fetch_by_metadata" => Fetch(space, body!),
            "/vectors/delete" => Delete(space, body!),
            _ => Error(404, "no such path"),
        };
    }

    private int DimensionsOf(string index) => index.Length > 0 ? 64 : Dimensions;

    private static int CodeOf(int status) =>
        status switch
        {
            400 => 3,
            401 => 16,
            404 => 5,
            429 => 8,
            503 => 14,
            _ => 13,
        };

    private (int, JsonNode?) Error(int status, string words) => (status, ErrorOf(status, words));

    private (int, JsonNode?) Upsert((string, string) space, JsonArray vectors, int dimensions)
    {
        if (vectors.Count is 0 or > 1000)
            return Error(400, $"Vectors to upsert: {vectors.Count}; 1 to 1000 are allowed");
        List<StubPoint> points = [];
        foreach (var vector in vectors)
        {
            StubPoint point = new(
                vector!["id"]!.GetValue<string>(),
                [.. vector["values"]!.AsArray().Select(x => x!.GetValue<float>())],
                (JsonObject)vector["metadata"]!.DeepClone()
            );
            if (point.Id.Length is 0 or > 512 || !Ascii.IsValid(point.Id))
                return Error(400, $"Vector ID must be ASCII of 1 to 512 characters, but is {point.Id}");
            if (point.Vector.Length != dimensions)
                return Error(400, $"Vector dimension {point.Vector.Length} does not match the dimension of the index {dimensions}");
            if (Array.TrueForAll(point.Vector, x => x == 0))
                return Error(400, "Dense vectors must contain at least one non-zero value");
            if (Encoding.UTF8.GetByteCount(point.Fields.ToJsonString()) > MostMetadata && Plain(point.Fields) > MostMetadata)
                return Error(
                    400,
                    $"Metadata size is {Plain(point.Fields)} bytes, which exceeds the limit of {MostMetadata} bytes per vector"
                );
            if (point.Fields.Any(f => f.Value is null or JsonObject))
                return Error(400, "Metadata value must be a string, number, boolean or list of strings");
            points.Add(point);
        }

        var own = _namespaces.TryGetValue(space, out var known)
            ? known
            : _namespaces[space] = new SortedDictionary<string, StubPoint>(StringComparer.Ordinal);
        foreach (var point in points)
            own[point.Id] = point;
        return (200, new JsonObject { ["upsertedCount"] = points.Count });
    }

    private static int Plain(JsonObject fields) => fields.Sum(f => f.Key.Length + Encoding.UTF8.GetByteCount(f.Value!.ToString()));

    private (int, JsonNode?) Query((string, string) space, JsonNode body, int dimensions)
    {
        var query = body["vector"]!.AsArray().Select(x => x!.GetValue<float>()).ToArray();
        if (query.Length != dimensions)
            return Error(400, $"Query vector dimension {query.Length} does not match the dimension of the index {dimensions}");
        if (Array.TrueForAll(query, x => x == 0))
            return Error(400, "Dense vectors must contain at least one non-zero value");
        var matches = In(space)
            .Where(point => Fits(point, body["filter"]!))
            .OrderByDescending(point => point.CosineTo(query))
            .Take(body["topK"]!.GetValue<int>())
            .Select(point => new JsonObject
            {
                ["id"] = point.Id,
                ["score"] = point.CosineTo(query),
                ["values"] = new JsonArray(),
                ["metadata"] = point.Fields.DeepClone(),
            });
        return (
            200,
            new JsonObject
            {
                ["matches"] = new JsonArray([.. matches]),
                ["namespace"] = space.Item2,
                ["usage"] = Usage(),
            }
        );
    }

    private (int, JsonNode?) Fetch((string, string) space, JsonNode body)
    {
        var limit = body["limit"]?.GetValue<int>() ?? 100;
        var after = body["paginationToken"]?.GetValue<string>() ?? "";
        var page = In(space)
            .Where(point => string.CompareOrdinal(point.Id, after) > 0 && Fits(point, body["filter"]!))
            .Take(limit + 1)
            .ToList();
        JsonObject vectors = [];
        foreach (var point in page.Take(limit))
            vectors[point.Id] = new JsonObject
            {
                ["id"] = point.Id,
                ["values"] = new JsonArray([.. point.Vector.Select(x => JsonValue.Create(x))]),
                ["metadata"] = point.Fields.DeepClone(),
            };
        JsonObject answer = new()
        {
            ["vectors"] = vectors,
            ["namespace"] = space.Item2,
            ["usage"] = Usage(),
        };
        if (page.Count > limit)
            answer["pagination"] = new JsonObject { ["next"] = page[limit - 1].Id };
        return (200, answer);
    }

    private (int, JsonNode?) Delete((string, string) space, JsonNode body)
    {
        if (!_namespaces.TryGetValue(space, out var own))
            return Error(404, "Namespace not found");
        foreach (var point in own.Values.Where(point => Fits(point, body["filter"]!)).ToList())
            own.Remove(point.Id);
        return (200, new JsonObject());
    }

    private IEnumerable<StubPoint> In((string, string) space) => _namespaces.TryGetValue(space, out var own) ? own.Values : [];

    private static bool Fits(StubPoint point, JsonNode filter) =>
        filter.AsObject().All(part => JsonNode.DeepEquals(point.Fields[part.Key], part.Value!["$eq"]));

    private static JsonObject Usage() => new() { ["readUnits"] = 1 };
}
