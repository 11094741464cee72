using System.Text.Json.Nodes;

namespace AiMe.Lab.Experiments.Schema;

/// <summary>Rules between the keys of a mapping, as schemas.</summary>
internal static class SchemaRules
{
    /// <summary>Exactly one of the keys is given.</summary>
    public static JsonObject OneOf(params IEnumerable<string> keys) =>
        new() { ["oneOf"] = new JsonArray([.. keys.Select(k => (JsonNode)Required(k))]) };

    /// <summary>No two of the keys are given.</summary>
    public static JsonObject AtMostOne(params IReadOnlyList<string> keys) =>
        new()
        {
            ["not"] = new JsonObject
            {
                ["anyOf"] = new JsonArray([
                    .. keys.SelectMany(
                        (one, i) => keys.Skip(i + 1).Select(other => (JsonNode)new JsonObject { ["required"] = new JsonArray(one, other) })
                    ),
                ]),
            },
        };

    /// <summary>At least one of two keys is given.</summary>
    public static JsonObject AnyOf(string one, string other) => new() { ["anyOf"] = new JsonArray(Required(one), Required(other)) };

    /// <summary>If a key has a given word, another key is required.</summary>
    public static JsonObject When(string key, string word, string needs) => new() { ["if"] = Says(key, word), ["then"] = Required(needs) };

    /// <summary>A key is allowed only if another key has a given word or is missing.</summary>
    public static JsonObject OnlyWhere(string key, string other, string word) =>
        new()
        {
            ["if"] = Required(key),
            ["then"] = new JsonObject { ["properties"] = new JsonObject { [other] = new JsonObject { ["const"] = word } } },
        };

    /// <summary>With a key exactly one of two others is given; without it none of them, nor a third.</summary>
    public static JsonObject OnlyWith(string key, string one, string other, string third)
    {
        var with = OneOf(one, other);
        with["required"] = new JsonArray(key);
        return new()
        {
            ["anyOf"] = new JsonArray(
                with,
                new JsonObject
                {
                    ["not"] = new JsonObject { ["anyOf"] = new JsonArray(Required(key), Required(one), Required(other), Required(third)) },
                }
            ),
        };
    }

    /// <summary>At least one of the mappings in a list has a word under a key.</summary>
    public static JsonObject Contains(string list, string key, string word) =>
        new() { ["properties"] = new JsonObject { [list] = new JsonObject { ["contains"] = Says(key, word) } } };

    private static JsonObject Says(string key, string word)
    {
        var says = Required(key);
        says["properties"] = new JsonObject { [key] = new JsonObject { ["const"] = word } };
        return says;
    }

    private static JsonObject Required(string key) => new() { ["required"] = new JsonArray(key) };
}
