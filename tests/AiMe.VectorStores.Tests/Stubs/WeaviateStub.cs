using System.Globalization;
using System.Text.Json.Nodes;
using AiMe.VectorStores.Weaviate;
using Microsoft.AspNetCore.Http;

namespace AiMe.VectorStores.Tests.Stubs;

/// <summary>Weaviate without modules: collections, objects in batches, and searches in GraphQL.</summary>
internal sealed class WeaviateStub : HttpStub
{
    private const int MostResults = 10_000;

    private readonly Dictionary<string, JsonObject> _classes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<string, StubPoint>> _objects = new(StringComparer.Ordinal);

    /// <summary>How many objects one request deletes.</summary>
    public int DeletesAtOnce { get; init; } = 100;

    /// <summary>How many objects of a deletion it deletes before the rest fails; null if none fails.</summary>
    public int? DeletesBeforeItFails { get; set; }

    /// <summary>Objects with this text fail in their batch.</summary>
    public string? Disliked { get; set; }

    /// <summary>Whether it has GraphQL.</summary>
    public bool HasGraphQl { get; init; } = true;

    public override void Clear()
    {
        _classes.Clear();
        _objects.Clear();
    }

    protected override IVectorStore Connect(string place, TimeSpan timeout, Uri address, HttpClient client) =>
        new WeaviateStore(new WeaviateOptions(address, place, Key, Exact: true, timeout), client);

    protected override JsonNode ErrorOf(int status, string words) =>
        status is 401 or 429 ? new JsonObject { ["code"] = status, ["message"] = words } : Errors(words);

    protected override (int, JsonNode?) Answer(HttpRequest request, JsonNode? body)
    {
        if (request.Headers.Authorization != $"Bearer {Key}")
            return (401, ErrorOf(401, "anonymous access not enabled"));
        var path = request.Path.Value!;
        return (request.Method, path) switch
        {
            ("POST", "/v1/schema") => Create((JsonObject)body!),
            ("GET", _) when path.StartsWith("/v1/schema/", StringComparison.Ordinal) => _classes.TryGetValue(path[11..], out var known)
                ? (200, known.DeepClone())
                : (404, null),
            ("GET", "/v1/meta") => (
                200,
                new JsonObject
                {
                    ["hostname"] = "http://[::]:8080",
                    ["version"] = "1.34.0",
                    ["modules"] = new JsonObject(),
                }
            ),
            ("GET", "/v1/objects") => Objects(request.Query),
            ("POST", "/v1/batch/objects") => (200, new JsonArray([.. body!["objects"]!.AsArray().Select(o => Put((JsonObject)o!))])),
            ("DELETE", "/v1/batch/objects") => Delete(body!),
            ("POST", "/v1/graphql") when !HasGraphQl => (422, Errors("graphql api is disabled")),
            ("POST", "/v1/graphql") => (200, Get(body!["query"]!.GetValue<string>())),
            _ => (404, null),
        };
    }

    private static JsonObject Errors(string words) => new() { ["error"] = new JsonArray(new JsonObject { ["message"] = words }) };

    private (int, JsonNode?) Create(JsonObject asked)
    {
        var name = asked["class"]!.GetValue<string>();
        if (!char.IsAsciiLetterUpper(name[0]))
            return (422, Errors($"'{name}' is not a valid class name"));
        if (!_classes.TryAdd(name, (JsonObject)asked.DeepClone()))
            return (422, Errors($"class name {name} already exists"));
        _objects[name] = [];
        return (200, asked.DeepClone());
    }

    private (int, JsonNode?) Objects(IQueryCollection query)
    {
        if (!_objects.TryGetValue(query["class"].ToString(), out var objects))
            return (422, Errors("class not found"));
        var page = objects.Values.Take(int.Parse(query["limit"].ToString(), CultureInfo.InvariantCulture));
        return (200, new JsonObject { ["objects"] = new JsonArray([.. page.Select(o => Shown(o, query["class"].ToString()))]) });
    }

    private static JsonObject Shown(StubPoint point, string name) =>
        new()
        {
            ["class"] = name,
            ["id"] = point.Id,
            ["properties"] = point.Fields.DeepClone(),
            ["vector"] = new JsonArray([.. point.Vector.Select(x => JsonValue.Create(x))]),
        };

    private JsonObject Put(JsonObject asked)
    {
        var name = asked["class"]!.GetValue<string>();
        StubPoint point = new(
            asked["id"]!.GetValue<string>(),
            [.. asked["vector"]!.AsArray().Select(x => x!.GetValue<float>())],
            (JsonObject)asked["properties"]!.DeepClone()
        );
        var answer = Shown(point, name);
        var error = ErrorOf(point, name);
        if (error is null)
            _objects[name][point.Id] = point;
        answer["result"] = error is null
            ? new JsonObject { ["status"] = "SUCCESS" }
            : new JsonObject { ["status"] = "FAILED", ["errors"] = Errors(error) };
        return answer;
    }

    private string? ErrorOf(StubPoint point, string name)
    {
        if (!_classes.TryGetValue(name, out var known))
            return $"could not find class {name} in schema";
        if (!Guid.TryParseExact(point.Id, "D", out _))
            return $"invalid UUID: {point.Id}";
        if (Disliked is { } text && point.Fields["text"]!.GetValue<string>() == text)
            return "the server's own words";
        if (_objects[name].Values.FirstOrDefault() is { } other && other.Vector.Length != point.Vector.Length)
            return $"new node has a vector with length {point.Vector.Length}. Existing nodes have vectors with length {other.Vector.Length}";
        foreach (var (field, value) in point.Fields)
        {
            if (TypeOf(known, field) is not { } type)
                return $"no such prop with name '{field}' found in class '{name}' in the schema";
            if (!IsOf(type, value!))
                return $"invalid {type} property '{field}' on class '{name}'";
        }

        return null;
    }

    private static string? TypeOf(JsonObject known, string field) =>
        known["properties"]!.AsArray().FirstOrDefault(p => p!["name"]!.GetValue<string>() == field)?["dataType"]![0]!.GetValue<string>();

    private static bool IsOf(string type, JsonNode value) =>
        type switch
        {
            "text" => value.GetValueKind() == System.Text.Json.JsonValueKind.String,
            "int" => value.GetValueKind() == System.Text.Json.JsonValueKind.Number && value.GetValue<double>() % 1 == 0,
            "number" => value.GetValueKind() == System.Text.Json.JsonValueKind.Number,
            "boolean" => value.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False,
            "date" => DateTimeOffset.TryParseExact(
                value.ToString(),
                "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
                CultureInfo.InvariantCulture,
                default,
                out _
            ),
            _ => false,
        };

    private (int, JsonNode?) Delete(JsonNode body)
    {
        var name = body["match"]!["class"]!.GetValue<string>();
        var matches = _objects[name].Values.Where(o => Fits(_classes[name], o, body["match"]!["where"]!)).ToList();
        var reached = Math.Min(matches.Count, DeletesAtOnce);
        var deleted = Math.Min(reached, DeletesBeforeItFails ?? reached);
        foreach (var point in matches.Take(deleted))
            _objects[name].Remove(point.Id);
        return (
            200,
            new JsonObject
            {
                ["match"] = body["match"]!.DeepClone(),
                ["output"] = "minimal",
                ["dryRun"] = false,
                ["results"] = new JsonObject
                {
                    ["matches"] = matches.Count,
                    ["limit"] = DeletesAtOnce,
                    ["successful"] = deleted,
                    ["failed"] = reached - deleted,
                },
            }
        );
    }

    private JsonObject Get(string query)
    {
        try
        {
            var (what, name, arguments, fields) = new GraphQlText(query).Read();
            if (!_objects.TryGetValue(name, out var objects))
                throw new FormatException($"Cannot query field \"{name}\" on type \"GetObjectsObj\".");
            if (what == "Aggregate")
                return Answer(
                    what,
                    name,
                    [Counted(objects.Values.Count(o => arguments["where"] is not { } where || Fits(_classes[name], o, where)))]
                );
            var rows = Ordered(objects.Values.Where(o => Fits(_classes[name], o, arguments["where"]!)), arguments)
                .Select(o => new JsonObject(fields.Select(f => KeyValuePair.Create(f, o.Fields[f]?.DeepClone()))));
            return Answer(what, name, [.. rows]);
        }
        catch (FormatException e)
        {
            return new JsonObject { ["data"] = new JsonObject(), ["errors"] = new JsonArray(new JsonObject { ["message"] = e.Message }) };
        }
    }

    private static JsonObject Answer(string what, string name, JsonNode[] rows) =>
        new() { ["data"] = new JsonObject { [what] = new JsonObject { [name] = new JsonArray(rows) } } };

    private static JsonObject Counted(int count) => new() { ["meta"] = new JsonObject { ["count"] = count } };

    private static IEnumerable<StubPoint> Ordered(IEnumerable<StubPoint> found, JsonObject arguments)
    {
        if (arguments["nearVector"]?["vector"] is { } vector)
        {
            var query = vector.AsArray().Select(x => (float)x!.GetValue<double>()).ToArray();
            found = found
                .Select(o => o.Vector.Length == query.Length ? o : throw new FormatException("vector lengths don't match"))
                .OrderByDescending(o => o.CosineTo(query));
        }
        else if (arguments["sort"] is { } sort)
        {
            var field = sort[0]!["path"]![0]!.GetValue<string>();
            found = found.OrderBy(o => o.Fields[field]!.GetValue<double>());
        }

        var (limit, offset) = ((int)arguments["limit"]!.GetValue<double>(), (int)(arguments["offset"]?.GetValue<double>() ?? 0));
        return limit + offset <= MostResults ? found.Skip(offset).Take(limit) : throw new FormatException("query maximum results exceeded");
    }

    // A text that is one token is compared without the blanks around it.
    private static bool Fits(JsonObject known, StubPoint point, JsonNode where)
    {
        if (where["operator"]!.GetValue<string>() == "And")
            return where["operands"]!.AsArray().All(o => Fits(known, point, o!));
        var field = where["path"]![0]!.GetValue<string>();
        var type = TypeOf(known, field) ?? throw new FormatException($"no such prop with name '{field}' found");
        var value = point.Fields[field]!;
        if (
            type == "text"
            && Wanted("valueText").GetValue<string>() is "the" or "a"
            && known["invertedIndexConfig"]?["stopwords"]?["preset"]?.GetValue<string>() != "none"
        )
            throw new FormatException("invalid search term, only stopwords provided");
        return (where["operator"]!.GetValue<string>(), type) switch
        {
            ("Equal", "text") => value.GetValue<string>().Trim() == Wanted("valueText").GetValue<string>().Trim(),
            ("Equal", "boolean") => value.GetValue<bool>() == Wanted("valueBoolean").GetValue<bool>(),
            ("GreaterThanEqual", "int") => value.GetValue<double>() >= Wanted("valueInt").GetValue<double>(),
            _ => throw new FormatException($"no such operator on {type}"),
        };

        JsonNode Wanted(string name) => where[name] ?? throw new FormatException($"{field} is of type {type}: {name} is needed");
    }
}
