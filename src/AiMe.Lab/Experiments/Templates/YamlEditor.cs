using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Templates;

/// <summary>A YAML text of which single values are replaced where they stand, so that its comments and its layout stay.</summary>
internal sealed class YamlEditor
{
    private readonly string[] _lines;
    private readonly List<(Place At, int Length, string Value)> _edits = [];

    private YamlEditor(string[] lines, MappingNode root) => (_lines, Root) = (lines, root);

    /// <summary>What the text says.</summary>
    public MappingNode Root { get; }

    /// <summary>Begins to edit a file.</summary>
    /// <exception cref="InvalidDataException">It is no YAML mapping.</exception>
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

    /// <summary>Puts another value in the place of a plain one; a comment behind it stays in its column where there is room.</summary>
    public YamlEditor Put(string value, params ReadOnlySpan<string> path)
    {
        var old = Find(path);
        _edits.Add((old.At, old.Text.Length, value));
        return this;
    }

    /// <summary>The text with a first line of its own, which goes over a first line that begins alike.</summary>
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
