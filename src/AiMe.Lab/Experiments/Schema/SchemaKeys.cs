using System.Text.Json.Nodes;

namespace AiMe.Lab.Experiments.Schema;

/// <summary>
/// The schema of a mapping, recorded from a reader's requests: its keys, which are required, and the rules between
/// them.
/// </summary>
internal sealed class SchemaKeys(bool inherits = false)
{
    private readonly List<(string Key, SchemaShape Shape)> _properties = [];
    private readonly List<string> _required = [];
    private readonly List<JsonObject> _rules = [];
    private readonly List<SchemaKeys> _cases = [];
    private (SchemaShape Value, string Pattern, string? Never)? _own;
    private bool _open = true;

    /// <summary>The schema of a key's value, to which more can be added.</summary>
    public SchemaShape Of(string key)
    {
        if (_properties.Find(p => p.Key == key) is { Shape: { } known })
            return known;
        SchemaShape shape = new(inherits);
        _properties.Add((key, shape));
        return shape;
    }

    public void Require(string key)
    {
        if (!_required.Contains(key))
            _required.Add(key);
    }

    /// <summary>The keys are chosen by the user, at least one; all values have one schema.</summary>
    /// <param name="pattern">Pattern of a key.</param>
    /// <param name="never">A word that a key cannot be; null for none.</param>
    public SchemaShape Each(string pattern, string? never)
    {
        SchemaShape value = new(inherits: true);
        _own = (value, pattern, never);
        return value;
    }

    /// <summary>
    /// One of several forms of this mapping, selected by a word; what was requested so far applies to each.
    /// </summary>
    /// <param name="needed">False for the form of a mapping that omits the word.</param>
    public SchemaKeys Case(string key, string word, string says, bool needed = true)
    {
        SchemaKeys one = new(inherits);
        one._properties.AddRange(_properties.Where(p => p.Key != key));
        one._required.AddRange(_required);
        one.Of(key).Describe(says);
        one.Of(key).OrConstant(word);
        if (needed)
            one.Require(key);
        else
            one.Of(key).Default(word);
        _cases.Add(one);
        return one;
    }

    /// <summary>A rule between keys, as a schema.</summary>
    public void Rule(JsonObject rule) => _rules.Add(rule);

    /// <summary>No other key may be given.</summary>
    public void Close() => _open = false;

    public JsonObject ToJson()
    {
        if (_cases.Count > 0)
            return new() { ["type"] = "object", ["oneOf"] = new JsonArray([.. _cases.Select(c => c.ToJson())]) };
        JsonObject schema = new() { ["type"] = "object" };
        if (_required.Count > 0)
            schema["required"] = new JsonArray([.. _required.Select(r => JsonValue.Create(r))]);
        if (_properties.Count > 0)
            schema["properties"] = new JsonObject([.. _properties.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Shape.ToJson()))]);
        if (_own is { } own)
        {
            schema["minProperties"] = 1;
            JsonObject names = new() { ["pattern"] = own.Pattern };
            if (own.Never is { } never)
                names["not"] = new JsonObject { ["const"] = never };
            schema["propertyNames"] = names;
            schema["additionalProperties"] = own.Value.ToJson();
        }
        else if (!_open)
        {
            schema["additionalProperties"] = false;
        }

        if (_rules.Count > 0)
            schema["allOf"] = new JsonArray([.. _rules.Select(r => r.DeepClone())]);
        return schema;
    }
}
