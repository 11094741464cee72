using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Templates;

/// <summary>Replaces single values of a YAML text in place, so that its comments and layout stay.</summary>
internal sealed class YamlEditor
{
    private readonly string[] _lines;
    private readonly List<(Place At, int Length, string Value)> _edits = [];

    private YamlEditor(string[] lines, MappingNode root) => (_lines, Root) = (lines, root);

    /// <summary>The parsed text.</summary>
    public MappingNode Root { get; }

    /// <summary>Reads a file for editing.</summary>
    /// <exception cref="InvalidDataException">It is not a YAML mapping.</exception>
    public static YamlEditor Of(string file)
    {
        Problems problems = new();
        var root = TextFile.ReadMapping(file, "a mapping", problems);
        return root is not null && !problems.Any
            ? new YamlEditor(File.ReadAllText(file).Split('\n'), root)
            : throw new InvalidDataException(problems.All[0].ToString());
    }

    /// <summary>The value under a path of keys.</summary>
    /// <exception cref="InvalidDataException">There is no plain value.</exception>
    public string Value(params ReadOnlySpan<string> path) => Find(path).Text;

    /// <summary>Replaces a plain value; a comment after it stays in its column if there is room.</summary>
    public YamlEditor Put(string value, params ReadOnlySpan<string> path)
    {
        var old = Find(path);
        _edits.Add((old.At, old.Text.Length, value));
        return this;
    }

    /// <summary>The text with a new first line, which replaces a first line with the same beginning.</summary>
    public string With(string first, string alike)
    {
        foreach (var (at, length, value) in _edits.OrderByDescending(e => e.At.Column))
        {
            var line = _lines[at.Line - 1];
            var (before, after) = (line[..(at.Column - 1)], line[(at.Column - 1 + length)..]);
            var comment = after.IndexOf('#', StringComparison.Ordinal);
            var room = comment < 0 ? 0 : after[..comment].Length - after[..comment].TrimEnd().Length - 1;
            var gap = length - value.Length;
            if (comment >= 0 && (gap > 0 || -gap <= room))
                after = after[..comment].TrimEnd() + new string(' ', room + 1 + gap) + after[comment..];
            _lines[at.Line - 1] = before + value + after;
        }

        return string.Join('\n', (string[])[first, .. _lines.Skip(_lines[0].StartsWith(alike, StringComparison.Ordinal) ? 1 : 0)]);
    }

    private ScalarNode Find(ReadOnlySpan<string> path)
    {
        YamlNode node = Root;
        foreach (var key in path)
            node = (node as MappingNode)?.Entries.FirstOrDefault(e => e.Key == key)?.Value
                ?? throw new InvalidDataException($"{Root.At.File} has no {string.Join('.', path)}");
        return node as ScalarNode is { Plain: true } scalar
            ? scalar
            : throw new InvalidDataException($"{node.At}: {string.Join('.', path)} is {node.Found}, not a plain value");
    }
}
