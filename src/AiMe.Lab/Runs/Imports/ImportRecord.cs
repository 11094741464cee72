using System.Collections.Immutable;
using System.Globalization;
using AiMe.Corpora;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Runs.Imports;

/// <summary>A record while a form reads it: its members, its exchanges and its problems.</summary>
/// <param name="number">1-based index of the record.</param>
internal sealed class ImportRecord(int number, MappingNode node, Problems problems, ImportNotes notes)
{
    private const int ShownAtMost = 60;

    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private readonly ImmutableArray<ImportedExperience>.Builder _experiences = ImmutableArray.CreateBuilder<ImportedExperience>();

    public MappingNode Node => node;

    public ImportNotes Notes => notes;

    /// <summary>Whether an error was reported.</summary>
    public bool Failed { get; private set; }

    /// <summary>Whether the record was left out, with a warning.</summary>
    public bool IsLeftOut { get; private set; }

    public ImmutableArray<ImportedExperience> Experiences => _experiences.ToImmutable();

    /// <summary>The topic of all exchanges, or null.</summary>
    public string? Topic { get; set; }

    /// <summary>The value of a member, or null if it is missing or null.</summary>
    public YamlNode? Find(string key)
    {
        _used.Add(key);
        return
            node.Entries.FirstOrDefault(e => e.Key == key)?.Value is { } value && value is not ScalarNode { IsNothing: true, Plain: true }
            ? value
            : null;
    }

    /// <summary>The value of the first of some members that is present.</summary>
    public (string Key, YamlNode Value)? FindAny(params ReadOnlySpan<string> keys)
    {
        (string, YamlNode)? found = null;
        foreach (var key in keys)
        {
            if (Find(key) is { } value)
                found ??= (key, value);
        }

        return found;
    }

    /// <summary>A required text that is not blank; null if there is none, which is reported.</summary>
    public string? Text(string key, string expected) => Find(key) is { } value ? Text(key, value, expected) : Missing(key, expected);

    /// <summary>The text of a value that is not blank; null if it is none, which is reported.</summary>
    public string? Text(string path, YamlNode value, string expected)
    {
        if (value is ScalarNode { Plain: false } scalar && !string.IsNullOrWhiteSpace(scalar.Text))
            return scalar.Text;
        Fail(value, path, $"found {Found(value)}, expected {expected}");
        return null;
    }

    /// <summary>An optional text, which may be empty; null if it is missing.</summary>
    public string? OptionalText(string key, string expected)
    {
        if (Find(key) is not { } value)
            return null;
        if (value is ScalarNode { Plain: false } scalar)
            return scalar.Text;
        Fail(value, key, $"found {Found(value)}, expected {expected}");
        return null;
    }

    /// <summary>Reports a missing member, with the misspelt one if there is one.</summary>
    public string? Missing(string key, string expected)
    {
        string[] unknown = [.. node.Entries.Select(e => e.Key).Where(k => !_used.Contains(k))];
        var hint = unknown.FirstOrDefault(k => Nearest.Hint(k, [key]).Length > 0) is { } near
            ? $"; did you mean '{key}' by '{Shown(near)}'?"
            : "";
        Fail(node, key, $"the member is missing, expected {expected}{hint}");
        return null;
    }

    /// <summary>Adds an exchange.</summary>
    public void Add(YamlNode at, string input, string output, string? reflection = null, DateTime? time = null, bool trains = true) =>
        _experiences.Add(new(number, _experiences.Count + 1, at.At, input, output, reflection, time, Topic, trains));

    /// <summary>Adds the answer to which that of the last exchange is preferred.</summary>
    public void Reject(string answer)
    {
        if (answer != _experiences[^1].Output)
            _experiences[^1] = _experiences[^1] with { Rejected = answer };
    }

    public void Fail(YamlNode at, string path, string text)
    {
        Failed = true;
        problems.Fail(at.At, path, text);
    }

    /// <summary>Reports something that is left out.</summary>
    public void Warn(YamlNode at, string path, string text) => problems.Warn(at.At, path, text);

    /// <summary>Leaves the whole record out.</summary>
    public void LeaveOut(string why)
    {
        IsLeftOut = true;
        problems.Warn(node.At, "", why);
    }

    /// <summary>Counts the members that the form has not asked for.</summary>
    public void CountUnused()
    {
        foreach (var entry in node.Entries.Where(e => !_used.Contains(e.Key)))
            notes.Unused(Shown(entry.Key));
    }

    /// <summary>What a message calls a value, on one line.</summary>
    public static string Found(YamlNode value) =>
        value switch
        {
            ScalarNode { IsNothing: true, Plain: true } => "null",
            ScalarNode { Plain: true } scalar => Shown(scalar.Text),
            ScalarNode { Text: "" } => "an empty text",
            ScalarNode scalar when string.IsNullOrWhiteSpace(scalar.Text) => "a blank text",
            ScalarNode scalar => $"'{Shown(scalar.Text)}'",
            SequenceNode => "a list",
            _ => "an object",
        };

    /// <summary>The beginning of a text without line breaks and control characters.</summary>
    public static string Shown(string text)
    {
        var shown = TextCut.Beginning(text, ShownAtMost);
        return OneLine(shown.Length < text.Length ? $"{shown}..." : text);
    }

    /// <summary>A text without line breaks and control characters.</summary>
    public static string OneLine(string text) =>
        string.Concat(
            text.Select(c =>
                char.IsControl(c) || c is '\u2028' or '\u2029' ? $"\\u{((int)c).ToString("x4", CultureInfo.InvariantCulture)}" : $"{c}"
            )
        );
}
