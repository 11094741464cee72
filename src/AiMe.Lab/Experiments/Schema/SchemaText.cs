using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiMe.Lab.Experiments.Schema;

/// <summary>The form of every shipped JSON Schema.</summary>
public static class SchemaText
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The text of a schema: indented, with a trailing line feed.</summary>
    public static string Of(string name, string title, JsonObject keywords)
    {
        JsonObject schema = new()
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["$id"] = $"urn:aime:{name}",
            ["title"] = title,
        };
        foreach (var (key, value) in keywords)
            schema[key] = value?.DeepClone();
        return schema.ToJsonString(Readable) + "\n";
    }
}
