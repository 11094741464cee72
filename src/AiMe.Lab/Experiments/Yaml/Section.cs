using System.Text.Json.Nodes;
using AiMe.Corpora;
using AiMe.Lab.Experiments.Schema;

namespace AiMe.Lab.Experiments.Yaml;

/// <summary>A mapping that is read key by key. What was never asked for is unknown; <see cref="Close"/> tells it.</summary>
/// <param name="blank">Not null where there is no mapping and what is asked of it is written down.</param>
internal sealed class Section(string path, MappingNode mapping, Problems problems, SchemaKeys? blank = null)
{
    private readonly List<string> _known = [];

    /// <summary>A mapping of which only the questions are wanted.</summary>
    public static Section Blank(SchemaKeys keys) => new("", new MappingNode(Place.Of(""), []), new Problems(), keys);

    public string Path => path;

    public Place At => mapping.At;

    public Problems Problems => problems;

    /// <summary>Every key with its value, for mappings whose keys are the user's own; all are known.</summary>
    /// <param name="pattern">A regular expression that every key fits.</param>
    /// <param name="never">What no key may be.</param>
    public IEnumerable<(MappingEntry Entry, FieldReader Field)> Each(string pattern, string never)
    {
        if (blank is not null)
        {
            Blank any = new(blank.Each(pattern, never));
            return [(new(mapping.At, "", any), new FieldReader(path, any, problems))];
        }

        _known.AddRange(mapping.Entries.Select(e => e.Key));
        return mapping.Entries.Select(e => (e, new FieldReader(PathOf(e.Key), e.Value, problems)));
    }

    /// <summary>The value of a key, or null where it is not given.</summary>
    /// <param name="says">What it means, for editors.</param>
    /// <param name="otherwise">What holds where it is not given, for editors.</param>
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

    /// <summary>The value of a key that must be given.</summary>
    /// <param name="expected">What it would say.</param>
    /// <param name="says">What it means, where that is not the same.</param>
    public FieldReader? Need(string key, string expected, string says = "")
    {
        var field = Find(key, says.Length > 0 ? says : expected);
        blank?.Require(key);
        if (field is null)
            problems.Fail(At, PathOf(key), $"the key is missing, expected {expected}");
        return field;
    }

    public int Whole(string key, int fallback, int low, int high = int.MaxValue, string says = "") =>
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

    /// <summary>A text that must be given.</summary>
    public string Text(string key, string expected) => Need(key, expected)?.Text(expected) ?? "";

    /// <summary>
    /// The word that says which of several forms this mapping has, with the mapping to be read so; of a blank each form in
    /// turn.
    /// </summary>
    /// <param name="unknown">What a mapping has that says none of the words.</param>
    public IEnumerable<(T Kind, Section Section)> Cases<T>(string key, string expected, Keywords<T> words, T unknown)
    {
        if (blank is null)
            return [(Need(key, expected) is { } field ? field.Word(words, unknown) : unknown, this)];
        return words.All.Select(w => (w.Meaning, new Section(path, mapping, problems, blank.Case(key, w.Word, expected))));
    }

    /// <summary>The same where a mapping that says no word has one of the forms all the same.</summary>
    /// <param name="offered">Of the words those that editors are told of.</param>
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

    /// <summary>Tells editors what holds between keys; whether it does is checked where it is known.</summary>
    public void Rule(Func<JsonObject> rule) => blank?.Rule(rule());

    /// <summary>Tells the keys that nobody asked for, and <paramref name="forbidden"/> ones with the reason.</summary>
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
