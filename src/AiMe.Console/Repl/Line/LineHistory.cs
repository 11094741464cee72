namespace AiMe.Console.Repl.Line;

/// <summary>The entered lines, with a position for browsing.</summary>
/// <param name="lines">Oldest first.</param>
internal sealed class LineHistory(IEnumerable<string> lines)
{
    private const int Most = 1000;

    private readonly List<string> _lines = [.. lines.TakeLast(Most)];
    private int _at = -1; // -1: not browsing
    private string _draft = "";

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Adds a line unless it repeats the last one, and stops browsing.</summary>
    public void Add(string line)
    {
        _at = -1;
        if (line.Length == 0 || _lines is [.., var last] && last == line)
            return;
        _lines.Add(line);
        if (_lines.Count > Most)
            _lines.RemoveAt(0);
    }

    /// <summary>Returns the previous line; stays at the oldest.</summary>
    /// <param name="current">Text in the editor, restored after browsing.</param>
    public string Older(string current)
    {
        if (_lines.Count == 0)
            return current;
        if (_at < 0)
            (_at, _draft) = (_lines.Count, current);
        _at = Math.Max(0, _at - 1);
        return _lines[_at];
    }

    /// <summary>Returns the next line; after the newest, the text that was in the editor.</summary>
    public string Newer(string current)
    {
        if (_at < 0)
            return current;
        _at++;
        if (_at < _lines.Count)
            return _lines[_at];
        _at = -1;
        return _draft;
    }

    /// <summary>Finds the newest line that contains a text, before an index.</summary>
    /// <param name="before">Index; the number of lines to search them all.</param>
    /// <returns>Index, or -1.</returns>
    public int Find(string part, int before) =>
        before <= 0
            ? -1
            : _lines.FindLastIndex(Math.Min(before, _lines.Count) - 1, line => line.Contains(part, StringComparison.OrdinalIgnoreCase));

    /// <summary>Stops browsing.</summary>
    public void Leave() => _at = -1;
}
