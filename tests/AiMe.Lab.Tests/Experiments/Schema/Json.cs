using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Tests.Experiments.Schema;

/// <summary>YAML as an editor sees it: by the core schema of YAML 1.2.</summary>
internal static partial class Json
{
    public static JsonNode? Of(YamlNode node) =>
        node switch
        {
            MappingNode m => new JsonObject([.. m.Entries.Select(e => KeyValuePair.Create(e.Key, Of(e.Value)))]),
            SequenceNode l => new JsonArray([.. l.Items.Select(Of)]),
            ScalarNode { IsNothing: true } => null,
            ScalarNode { Plain: true, Text: "true" or "false" } s => JsonValue.Create(s.Text == "true"),
            ScalarNode { Plain: true } s when Whole().IsMatch(s.Text) => JsonValue.Create(
                decimal.Parse(s.Text, CultureInfo.InvariantCulture)
            ),
            ScalarNode { Plain: true } s when Real().IsMatch(s.Text) => JsonValue.Create(
                decimal.Parse(s.Text, NumberStyles.Float, CultureInfo.InvariantCulture)
            ),
            ScalarNode s => JsonValue.Create(s.Text),
            _ => throw new NotSupportedException(node.Found),
        };

    /// <summary>A YAML file, or null where it cannot be read at all: no schema is asked then.</summary>
    public static YamlNode? File(string path)
    {
        Problems problems = new();
        return YamlText.Read(path, System.IO.File.ReadAllText(path), problems) is { } node && !problems.Any ? node : null;
    }

    [GeneratedRegex("^[-+]?[0-9]+$")]
    private static partial Regex Whole();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$")]
    private static partial Regex Real();
}
