using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace AiMe.Lab.Experiments.Schema;

/// <summary>The reference of all keys of experiment files, as Markdown: one table a section, made from the JSON Schema.</summary>
public static class KeyReference
{
    private const string Opening = """
        # Keys of an experiment file

        This page is generated from the readers of experiment files: `aime schema experiment --as markdown`. A test compares it.

        """;

    private const int FewWords = 10;

    /// <summary>The text of <c>docs/EXPERIMENT-KEYS.md</c>.</summary>
    public static string Markdown()
    {
        var page = new StringBuilder(Opening);
        Section(page, "", JsonNode.Parse(ExperimentSchema.Text("experiment"))!.AsObject(), required: true);
        return page.ToString();
    }

    private static void Section(StringBuilder page, string path, JsonObject schema, bool required)
    {
        List<(string Path, JsonObject Schema, bool Required)> below = [];
        foreach (var (title, form) in Forms(path, schema))
        {
            if (form["properties"] is not JsonObject properties)
                continue;
            page.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n");
            if (path.Length > 0 && schema["description"] is { } says)
                page.Append(CultureInfo.InvariantCulture, $"{Sentence(says.GetValue<string>())}{(required ? " Required." : "")}\n\n");
            page.Append("| key | value | default | meaning |\n|---|---|---|---|\n");
            string[] needed = [.. form["required"]?.AsArray().Select(r => r!.GetValue<string>()) ?? []];
            foreach (var (key, node) in properties)
            {
                var value = node!.AsObject();
                var standard =
                    value["default"] is { } given ? $"`{(given is JsonArray ? given.ToJsonString() : given)}`"
                    : needed.Contains(key) ? "required"
                    : "";
                page.Append(CultureInfo.InvariantCulture, $"| `{key}` | {Values(value)} | {standard} | {Meaning(value)} |\n");
                if (Forms(key, value).Any(f => f.Form["properties"] is JsonObject) && below.All(b => b.Path != $"{path}{key}"))
                    below.Add(($"{path}{key}", value, needed.Contains(key)));
            }
        }

        foreach (var (inner, value, needed) in below)
            Section(page, $"{inner}.", value, needed);
    }

    // A mapping, the mapping of each of the user's own keys, or the alternatives of which several are mappings.
    private static IEnumerable<(string Title, JsonObject Form)> Forms(string path, JsonObject schema)
    {
        var name = path.Length == 0 ? "The file" : $"`{path.TrimEnd('.')}`";
        if (schema["properties"] is JsonObject)
            yield return (name, schema);
        foreach (var form in (schema["oneOf"] ?? schema["anyOf"])?.AsArray().OfType<JsonObject>() ?? [])
        {
            if (form["properties"] is JsonObject properties)
                yield return ($"{name}{Case(form, properties)}", form);
        }

        if (schema["items"] is JsonObject items)
        {
            foreach (var (title, form) in Forms(path, items))
                yield return (title, form);
        }
    }

    // Which of several forms it is: the key that has one constant value, or else the one required key.
    private static string Case(JsonObject form, JsonObject properties)
    {
        var (key, value) = properties.FirstOrDefault(p => p.Value?["const"] is not null);
        return key is not null ? $" with `{key}: {value!["const"]}`"
            : form["required"] is JsonArray { Count: 1 } required ? $" with `{required[0]}`"
            : "";
    }

    private static string Values(JsonObject schema)
    {
        if (schema["const"] is { } constant)
            return $"`{constant}`";
        if (schema["enum"] is JsonArray words)
            return string.Join(", ", words.Select(w => $"`{w}`"));
        if ((schema["oneOf"] ?? schema["anyOf"]) is JsonArray alternatives)
        {
            // Many words that only complete a text in an editor are not repeated at every key.
            var forms = alternatives.OfType<JsonObject>().ToArray();
            var shown = forms.Any(f => Values(f) == "text") ? forms.Where(f => f["enum"] is not JsonArray { Count: > FewWords }) : forms;
            return string.Join(" or ", shown.Select(Values).Distinct(StringComparer.Ordinal));
        }

        var kind = schema["type"] switch
        {
            JsonValue v => v.GetValue<string>(),
            JsonArray => "text",
            _ => "",
        };
        return kind switch
        {
            "integer" => $"whole number{Range(schema)}",
            "number" => $"number{Range(schema)}",
            "string" => "text",
            "array" => $"list{(schema["items"] is JsonObject items && Values(items) is { Length: > 0 } each ? $" of {each}" : "")}",
            "object" => "section",
            "boolean" => "`true` or `false`",
            _ => kind,
        };
    }

    private static string Range(JsonObject schema)
    {
        var least =
            schema["minimum"] is { } minimum ? $"from {minimum}"
            : schema["exclusiveMinimum"] is { } above ? $"above {above}"
            : "";
        var most =
            schema["maximum"] is { } maximum ? $"to {maximum}"
            : schema["exclusiveMaximum"] is { } below && least != "from 0" ? $"below {below}"
            : "";
        var range = $"{least} {most}".Trim();
        return range.Length == 0 ? "" : $", {range}";
    }

    private static string Meaning(JsonObject schema) =>
        Sentence(schema["description"]?.GetValue<string>() ?? "").Replace("|", "\\|", StringComparison.Ordinal);

    private static string Sentence(string text) =>
        text.Length == 0 ? "" : $"{char.ToUpperInvariant(text[0])}{text[1..]}{(text[^1] is '.' ? "" : ".")}";
}
