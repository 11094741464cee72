using System.Text.Json.Nodes;
using AiMe.Corpora;
using AiMe.Lab.Experiments.Schema;

namespace AiMe.Lab.Experiments.Yaml;

/// <summary>
/// Reads a mapping key by key. Keys that were never requested are unknown, and <see cref="Close"/> reports them.
/// </summary>
/// <param name="blank">Records the requests if there is no actual mapping; else null.</param>
internal sealed class Section(string path, MappingNode mapping, Problems problems, SchemaKeys? blank = null)
{
    private readonly List<string> _known = [];

    /// <summary>A placeholder mapping that only records requests.</summary>
    public static Section Blank(SchemaKeys keys) => new("", new MappingNode(Place.Of(""), []), new Problems(), keys);

    public string Path => path;

    public Place At => mapping.At;

    public MappingNode Node => mapping;

    public Problems Problems => problems;

    /// <summary>Every key with its value, for mappings whose keys the user chooses; all are known.</summary>
    /// <param name="pattern">A regular expression that every key matches.</param>
    /// <param name="never">A word that no key may be; null for none.</param>
    public IEnumerable<(MappingEntry Entry, FieldReader Field)> Each(string pattern, string? never = null)
    {
        if (blank is not null)
        {
            Blank any = new(blank.Each(pattern, never));
            return [(new(mapping.At, "", any), new FieldReader(path, any, problems))];
        }

        _known.AddRange(mapping.Entries.Select(e => e.Key));
        return mapping.Entries.Select(e => (e, new FieldReader(PathOf(e.Key), e.Value, problems)));
    }

    /// <summary>The value of a key, or null if it is missing.</summary>
    /// <param name="says">Its meaning, for editors.</param>
    /// <param name="otherwise">The default value, for editors.</param>
    public FieldReader? Find(string key, string says = "", JsonNode? otherwise = null)
    {
        _known.Add(key);
        if (blank is null)
            return mapping.Entries.FirstOrDefault(e => e.Key == key) is { } entry
                ? new FieldReader(PathOf(key), entry.Value, problems)
                : null;
        var shape = blank.Of(key);
        shape.Describe(says);
        shape.Default(otherwise);
        return new FieldReader(PathOf(key), new Blank(shape), problems);
    }

    /// <summary>The value of a required key.</summary>
    /// <param name="expected">The expected value, for the message.</param>
    /// <param name="says">Its meaning, if it differs from <paramref name="expected"/>.</param>
    public FieldReader? Need(string key, string expected, string says = "")
    {
        var field = Find(key, says.Length > 0 ? says : expected);
        blank?.Require(key);
        if (field is null)
            problems.Fail(At, PathOf(key), $"the key is missing, expected {expected}");
        return field;
    }

    public int Whole(string key, int fallback, int low, int high, string says = "") =>
        (int)(Find(key, says, fallback)?.Whole(fallback, low, high) ?? fallback);

    /// <summary>A seed, 0 to 2^63 - 1.</summary>
    public long Seed(string key, long fallback, string says = "") =>
        Find(key, says, fallback)?.Whole(fallback, 0, long.MaxValue) ?? fallback;

    public double Real(string key, double fallback, NumberRange range, string says = "") =>
        Find(key, says, SchemaShape.Of(fallback))?.Real(fallback, range) ?? fallback;

    public double Share(string key, double fallback, NumberRange range, string says = "") =>
        Find(key, says, SchemaShape.Of(fallback))?.Share(fallback, range) ?? fallback;

    public bool Flag(string key, bool fallback, string says = "") => Find(key, says, fallback)?.Flag(fallback) ?? fallback;

    public T Word<T>(string key, Keywords<T> words, T fallback, string says = "") =>
        Find(key, says, words.Of(fallback)) is { } field ? field.Word(words, fallback) : fallback;

    /// <summary>A key that was asked for before, if the mapping has it; null for a placeholder.</summary>
    public FieldReader? Given(string key) => blank is null ? Find(key) : null;

    /// <summary>A required text.</summary>
    public string Text(string key, string expected) => Need(key, expected)?.Text(expected) ?? "";

    /// <summary>
    /// The word that selects one of several forms, with the mapping in that form; for a placeholder, each form in turn.
    /// </summary>
    /// <param name="unknown">The kind of a mapping that has none of the words.</param>
    public IEnumerable<(T Kind, Section Section)> Cases<T>(string key, string expected, Keywords<T> words, T unknown)
    {
        if (blank is null)
            return [(Need(key, expected) is { } field ? field.Word(words, unknown) : unknown, this)];
        return words.All.Select(w => (w.Meaning, new Section(path, mapping, problems, blank.Case(key, w.Word, expected))));
    }

    /// <summary>The same, with a form for mappings that omit the word.</summary>
    /// <param name="offered">Selects the words that editors offer.</param>
    public IEnumerable<(T Kind, Section Section)> Cases<T>(string key, Keywords<T> words, T fallback, Func<T, bool> offered, string says)
        where T : struct
    {
        if (blank is null)
            return [(Word(key, words, fallback), this)];
        return words
            .All.Where(w => offered(w.Meaning))
            .Select(w =>
                (w.Meaning, new Section(path, mapping, problems, blank.Case(key, w.Word, says, needed: !w.Meaning.Equals(fallback))))
            );
    }

    /// <summary>Adds a rule between keys to the schema. The caller checks the rule itself.</summary>
    public void Rule(Func<JsonObject> rule) => blank?.Rule(rule());

    /// <summary>
    /// Reports the keys that were not requested, and <paramref name="forbidden"/> ones with the reason.
    /// </summary>
    public void Close(params ReadOnlySpan<(string Key, string Reason)> forbidden)
    {
        blank?.Close();
        foreach (var entry in mapping.Entries)
        {
            if (_known.Contains(entry.Key))
                continue;
            var text =
                "the key is unknown, expected "
                + $"{(_known.Count == 1 ? "" : "one of ")}{string.Join(", ", _known)}{Nearest.Hint(entry.Key, _known)}";
            foreach (var (key, reason) in forbidden)
                text = key == entry.Key ? reason : text;
            problems.Fail(entry.At, PathOf(entry.Key), text);
        }
    }

    private string PathOf(string key) => path.Length == 0 ? key : $"{path}.{key}";
}
