using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Runs.Imports;

/// <summary>Looks into objects whose form is not known yet.</summary>
internal static class NodeMembers
{
    public static bool Has(this MappingNode node, string key) => node.Entries.Any(e => e.Key == key);

    public static YamlNode? Value(this MappingNode node, string key) => node.Entries.FirstOrDefault(e => e.Key == key)?.Value;

    /// <summary>The text of a member, or null if it is no text.</summary>
    public static string? TextOf(this MappingNode node, string key) =>
        node.Value(key) is ScalarNode { Plain: false } scalar ? scalar.Text : null;

    /// <summary>Whether a value is missing, null, false, or an empty text, list or object.</summary>
    public static bool IsEmpty(YamlNode? value) =>
        value switch
        {
            null => true,
            ScalarNode scalar => scalar.Text.Length == 0 || scalar is { Plain: true, Text: "null" or "false" },
            SequenceNode list => list.Items.IsEmpty,
            MappingNode mapping => mapping.Entries.IsEmpty,
            _ => false,
        };
}
