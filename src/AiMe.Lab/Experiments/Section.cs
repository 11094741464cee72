using AiMe.Models.Corpora;

namespace AiMe.Lab;

/// <summary>A mapping that is read key by key. What was never asked for is unknown; <see cref="Close"/> tells it.</summary>
internal sealed class Section(string path, Mapping mapping, Problems problems)
{
    private readonly List<string> _known = [];

    public string Path => path;

    public Place At => mapping.At;

    public Problems Problems => problems;

    /// <summary>Every key with its value, for mappings whose keys are the user's own; all are known.</summary>
    public IEnumerable<(Entry Entry, Field Field)> Each()
    {
        _known.AddRange(mapping.Entries.Select(e => e.Key));
        return mapping.Entries.Select(e => (e, new Field(PathOf(e.Key), e.Value, problems)));
    }

    /// <summary>The value of a key, or null where it is not given.</summary>
    public Field? Find(string key)
    {
        _known.Add(key);
        return mapping.Entries.FirstOrDefault(e => e.Key == key) is { } entry ? new Field(PathOf(key), entry.Value, problems) : null;
    }

    /// <summary>The value of a key that must be given.</summary>
    /// <param name="expected">What it would say.</param>
    public Field? Need(string key, string expected)
    {
        var field = Find(key);
        if (field is null)
            problems.Fail(At, PathOf(key), $"the key is missing, expected {expected}");
        return field;
    }

    public int Whole(string key, int fallback, int low, int high = int.MaxValue) => (int)(Find(key)?.Whole(fallback, low, high) ?? fallback);

    public double Real(string key, double fallback, Interval range) => Find(key)?.Real(fallback, range) ?? fallback;

    public double Share(string key, double fallback, Interval range) => Find(key)?.Share(fallback, range) ?? fallback;

    public bool Flag(string key, bool fallback) => Find(key)?.Flag(fallback) ?? fallback;

    public T Word<T>(string key, Words<T> words, T fallback) => Find(key) is { } field ? field.Word(words, fallback) : fallback;

    /// <summary>A text that must be given.</summary>
    public string Text(string key, string expected) => Need(key, expected)?.Text(expected) ?? "";

    /// <summary>Tells the keys that nobody asked for, and <paramref name="forbidden"/> ones with the reason.</summary>
    public void Close(params ReadOnlySpan<(string Key, string Reason)> forbidden)
    {
        foreach (var entry in mapping.Entries)
        {
            if (_known.Contains(entry.Key))
                continue;
            var text = $"the key is unknown, expected {(_known.Count == 1 ? "" : "one of ")}{string.Join(", ", _known)}{Nearest.Hint(entry.Key, _known)}";
            foreach (var (key, reason) in forbidden)
                text = key == entry.Key ? reason : text;
            problems.Fail(entry.At, PathOf(entry.Key), text);
        }
    }

    private string PathOf(string key) => path.Length == 0 ? key : $"{path}.{key}";
}
