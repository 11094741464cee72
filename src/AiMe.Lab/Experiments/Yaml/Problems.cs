using System.Collections.Immutable;

namespace AiMe.Lab.Experiments.Yaml;

/// <summary>Collects the problems of an input, so that all of them are reported at once.</summary>
internal sealed class Problems
{
    private readonly List<Problem> _all = [];
    private readonly HashSet<Problem> _told = [];

    /// <summary>Whether the input cannot be used.</summary>
    public bool Any => _all.Exists(p => p.Severity == Severity.Error);

    /// <summary>
    /// All problems in the order of their places within each file; files in the order of their first problem.
    /// </summary>
    public ImmutableArray<Problem> All
    {
        get
        {
            Dictionary<string, int> files = new(StringComparer.Ordinal);
            foreach (var problem in _all)
                files.TryAdd(problem.At.File, files.Count);
            return [.. _all.OrderBy(p => files[p.At.File]).ThenBy(p => p.At.Line).ThenBy(p => p.At.Column)];
        }
    }

    public void Fail(Place at, string key, string text) => Add(new(Severity.Error, at, key, text));

    public void Warn(Place at, string key, string text) => Add(new(Severity.Warning, at, key, text));

    public void Note(Place at, string key, string text) => Add(new(Severity.Note, at, key, text));

    // One node may be read for several variants (a YAML alias); it is reported once.
    private void Add(Problem problem)
    {
        if (_told.Add(problem))
            _all.Add(problem);
    }
}
