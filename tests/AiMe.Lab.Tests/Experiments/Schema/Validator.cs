using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AiMe.Lab.Tests.Experiments.Schema;

/// <summary>As much of JSON Schema, draft 2020-12, as the shipped schemas use. An unknown keyword throws, so that none goes unchecked.</summary>
internal static class Validator
{
    public static bool Accepts(JsonNode schema, JsonNode? value) =>
        schema is JsonValue always ? always.GetValue<bool>() : schema.AsObject().All(k => Holds(schema.AsObject(), k.Key, k.Value!, value));

    private static bool Holds(JsonObject schema, string keyword, JsonNode says, JsonNode? value) =>
        keyword switch
        {
            "$schema" or "$id" or "title" or "description" or "default" or "then" => true,
            "type" => (says is JsonArray types ? types.Select(t => t!.GetValue<string>()) : [says.GetValue<string>()]).Any(t =>
                IsOf(t, value)
            ),
            "const" => JsonNode.DeepEquals(says, value),
            "enum" => says.AsArray().Any(e => JsonNode.DeepEquals(e, value)),
            "minimum" => Number(value) is not { } n || n >= Number(says),
            "maximum" => Number(value) is not { } n || n <= Number(says),
            "exclusiveMinimum" => Number(value) is not { } n || n > Number(says),
            "exclusiveMaximum" => Number(value) is not { } n || n < Number(says),
            "pattern" => Text(value) is not { } text
                || Regex.IsMatch(text, says.GetValue<string>(), RegexOptions.None, TimeSpan.FromSeconds(1)),
            "maxLength" => Text(value) is not { } text || text.Length <= says.GetValue<int>(),
            "required" => value is not JsonObject o || says.AsArray().All(r => o.ContainsKey(r!.GetValue<string>())),
            "properties" => value is not JsonObject o || says.AsObject().All(p => !o.ContainsKey(p.Key) || Accepts(p.Value!, o[p.Key])),
            "additionalProperties" => value is not JsonObject o
                || o.Where(p => schema["properties"]?.AsObject().ContainsKey(p.Key) != true).All(p => Accepts(says, p.Value)),
            "propertyNames" => value is not JsonObject o || o.All(p => Accepts(says, JsonValue.Create(p.Key))),
            "minProperties" => value is not JsonObject o || o.Count >= says.GetValue<int>(),
            "items" => value is not JsonArray list || list.All(i => Accepts(says, i)),
            "minItems" => value is not JsonArray list || list.Count >= says.GetValue<int>(),
            "maxItems" => value is not JsonArray list || list.Count <= says.GetValue<int>(),
            "uniqueItems" => value is not JsonArray list
                || list.Select((a, i) => list.Take(i).All(b => !JsonNode.DeepEquals(a, b))).All(x => x),
            "contains" => value is not JsonArray list || list.Any(i => Accepts(says, i)),
            "anyOf" => says.AsArray().Any(s => Accepts(s!, value)),
            "oneOf" => says.AsArray().Count(s => Accepts(s!, value)) == 1,
            "allOf" => says.AsArray().All(s => Accepts(s!, value)),
            "not" => !Accepts(says, value),
            "if" => !Accepts(says, value) || Accepts(schema["then"]!, value),
            _ => throw new NotSupportedException($"the keyword {keyword} is not checked"),
        };

    private static bool IsOf(string type, JsonNode? value) =>
        type switch
        {
            "null" => value is null,
            "object" => value is JsonObject,
            "array" => value is JsonArray,
            "string" => Text(value) is not null,
            "boolean" => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
            "number" => Number(value) is not null,
            "integer" => Number(value) is { } n && n == decimal.Truncate(n),
            _ => throw new NotSupportedException($"the type {type} is not known"),
        };

    private static string? Text(JsonNode? value) => value?.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    // Decimal, so that 2^63 - 1 and 2^63 are two numbers.
    private static decimal? Number(JsonNode? value) =>
        value?.GetValueKind() == JsonValueKind.Number
            ? decimal.Parse(
                value.ToJsonString(),
                System.Globalization.NumberStyles.Float,
                System.Globalization.CultureInfo.InvariantCulture
            )
            : null;
}
