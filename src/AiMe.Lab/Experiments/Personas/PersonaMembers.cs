using System.Collections.Immutable;
using AiMe.Lab.Experiments.Yaml;
using AiMe.Lab.Runs.Imports;

namespace AiMe.Lab.Experiments.Personas;

/// <summary>The members of a persona by their paths; remembers which were taken.</summary>
internal sealed class PersonaMembers
{
    // Where the persona itself is; TinyTroupe's older files have the others.
    private static readonly string[] Roots = ["persona", "_persona", "_configuration", "configuration"];

    // What says of what kind the file is, and nothing of the persona.
    private static readonly string[] Kinds = ["type", "json_serializable_class_name", "$schema", "version"];

    private readonly MappingNode _root;
    private readonly MappingNode _persona;
    private readonly string _prefix;
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    private PersonaMembers(MappingNode root)
    {
        var inner = Array.Find(Roots, r => root.Value(r) is MappingNode);
        (_root, _prefix) = (root, inner is null ? "" : $"{inner}.");
        _persona = inner is null ? root : (MappingNode)root.Value(inner)!;
    }

    public static PersonaMembers Of(MappingNode root) => new(root);

    /// <summary>The texts at the first of some paths that has any: of a text, of a list, or of a list of objects.</summary>
    public ImmutableArray<string> Texts(params ReadOnlySpan<string> paths)
    {
        foreach (var path in paths)
        {
            if (In(_persona, path) is { } node && TextsOf(node) is { IsEmpty: false } texts)
            {
                _taken.Add(_prefix + path);
                return texts;
            }
        }

        // older files have the name beside the persona
        foreach (var path in paths)
        {
            if (_prefix.Length > 0 && In(_root, path) is { } node && TextsOf(node) is { IsEmpty: false } texts)
            {
                _taken.Add(path);
                return texts;
            }
        }

        return [];
    }

    /// <summary>The first text at some paths, or null.</summary>
    public string? Text(params ReadOnlySpan<string> paths) => Texts(paths) is [var first, ..] ? first : null;

    /// <summary>Members that were not taken, in the order of the file, each as high as no part of it was taken.</summary>
    public ImmutableArray<string> LeftOut() => [.. Below(_root, "").Where(p => !Kinds.Contains(p, StringComparer.Ordinal))];

    private IEnumerable<string> Below(MappingNode node, string prefix)
    {
        foreach (var entry in node.Entries)
        {
            var path = prefix + entry.Key;
            if (_taken.Contains(path) || NodeMembers.IsEmpty(entry.Value))
                continue;
            if (entry.Value is MappingNode inner && _taken.Any(t => t.StartsWith($"{path}.", StringComparison.Ordinal)))
            {
                foreach (var below in Below(inner, $"{path}."))
                    yield return below;
            }
            else
                yield return path;
        }
    }

    private static YamlNode? In(MappingNode node, string path)
    {
        YamlNode? found = node;
        foreach (var key in path.Split('.'))
            found = (found as MappingNode)?.Value(key);
        return found;
    }

    private static ImmutableArray<string> TextsOf(YamlNode node) =>
        node switch
        {
            ScalarNode { Plain: false } text when OneLine(text.Text) is { Length: > 0 } line => [line],
            SequenceNode list => [.. list.Items.SelectMany(i => i is SequenceNode ? [] : TextsOf(i).Take(1))],
            // {"trait": "You are curious."}
            MappingNode mapping => [.. mapping.Entries.SelectMany(e => e.Value is ScalarNode ? TextsOf(e.Value) : []).Take(1)],
            _ => [],
        };

    // A charter's texts fill slots of a grammar, in which braces have a meaning.
    private static string OneLine(string text) =>
        string.Join(
            ' ',
            text.Replace("{", "", StringComparison.Ordinal)
                .Replace("}", "", StringComparison.Ordinal)
                .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        );
}
