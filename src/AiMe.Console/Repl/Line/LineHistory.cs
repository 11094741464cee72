namespace AiMe.Console.Repl.Line;

/// <summary>The lines that were entered, and where one stands among them.</summary>
/// <param name="lines">Oldest first.</param>
internal sealed class LineHistory(IEnumerable<string> lines)
{
    private const int Most = 1000;

    private readonly List<string> _lines = [.. lines.TakeLast(Most)];
    private int _at = -1; // -1: not among them, but at the line that is being written
    private string _draft = "";

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Takes a line in, unless it is the last one again, and leaves the list.</summary>
    public void Add(string line)
    {
        _at = -1;
        if (line.Length == 0 || _lines is [.., var last] && last == line)
            return;
        _lines.Add(line);
        if (_lines.Count > Most)
            _lines.RemoveAt(0);
    }

    /// <summary>The line before; at the oldest it stays there.</summary>
    /// <param name="current">What stands in the editor; kept while one looks back.</param>
    public string Older(string current)
    {
        if (_lines.Count == 0)
            return current;
        if (_at < 0)
            (_at, _draft) = (_lines.Count, current);
        _at = Math.Max(0, _at - 1);
        return _lines[_at];
    }

    /// <summary>The line after; behind the newest stands what was being written.</summary>
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

    /// <summary>The newest line that contains a text, before a place in the list.</summary>
    /// <param name="before">Index; the count of lines to look through them all.</param>
    /// <returns>Its index, or -1.</returns>
    public int Find(string part, int before) =>
        before <= 0
            ? -1
            : _lines.FindLastIndex(Math.Min(before, _lines.Count) - 1, line => line.Contains(part, StringComparison.OrdinalIgnoreCase));

    /// <summary>Leaves the list: the next line begins anew.</summary>
    public void Leave() => _at = -1;
}
