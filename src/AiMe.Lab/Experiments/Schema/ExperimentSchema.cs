using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AiMe.Lab.Experiments.Readers;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Schema;

/// <summary>The JSON Schemas (draft 2020-12) of the files that a user writes, for editors.</summary>
/// <remarks>
/// They are generated: the readers read a blank, and their requests define the schema. So the schema has exactly the
/// keys, ranges and defaults that the readers have.
/// </remarks>
public static class ExperimentSchema
{
    private static readonly ImmutableArray<(string Name, string Title, Action<Section> Read)> All =
    [
        ("experiment", "An experiment of AiMe", s => ExperimentFile.Read("", s)),
        ("charter", "A charter of AiMe: the identity baseline of an instance", s => CharterFile.Read(s)),
        ("probes", "A battery of identity probes of AiMe", s => ProbeFile.Read(s)),
        ("rubric", "A rubric of AiMe: what a judge rates an answer by", s => RubricFile.Read(s)),
        ("stimuli", "A stimulus of AiMe: one line of a JSON Lines file", s => StimulusLine(s)),
    ];

    /// <summary>experiment, charter, probes, rubric and stimuli.</summary>
    public static ImmutableArray<string> Names { get; } = [.. All.Select(s => s.Name)];

    /// <summary>
    /// The text of a schema, as it is shipped in <c>config/schema/{name}.json</c>: indented, with a trailing line feed.
    /// </summary>
    /// <exception cref="ArgumentException">No schema has that name.</exception>
    public static string Text(string name)
    {
        foreach (var (known, title, read) in All)
        {
            if (known != name)
                continue;
            SchemaKeys keys = new();
            read(Section.Blank(keys));
            return SchemaText.Of(name, title, keys.ToJson());
        }

        throw new ArgumentException($"there is no schema '{name}'; expected one of {string.Join(", ", Names)}");
    }

    private static readonly Lazy<JsonObject> Experiment = new(() => JsonNode.Parse(Text("experiment"))!.AsObject());

    /// <summary>Whether a key of an experiment file takes a list of its own; false for unknown keys.</summary>
    internal static bool TakesList(ReadOnlySpan<string> keys) => TakesList(Experiment.Value, keys);

    private static bool TakesList(JsonObject schema, ReadOnlySpan<string> keys)
    {
        foreach (var form in (schema["anyOf"] ?? schema["oneOf"])?.AsArray().OfType<JsonObject>() ?? [])
        {
            if (TakesList(form, keys))
                return true;
        }

        return keys.IsEmpty
            ? schema["type"] is JsonValue type && type.GetValue<string>() == "array"
            : schema["properties"]?[keys[0]] is JsonObject inner && TakesList(inner, keys[1..]);
    }

    private static void StimulusLine(Section s) => StimulusFile.Read(s, new UniqueIds());
}
