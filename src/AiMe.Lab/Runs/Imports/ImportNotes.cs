using System.Collections.Immutable;
using System.Globalization;

namespace AiMe.Lab.Runs.Imports;

/// <summary>Counts what is not taken over from a file, so that nothing is dropped in silence.</summary>
internal sealed class ImportNotes
{
    private readonly List<string> _order = [];
    private readonly Dictionary<string, (string One, string Many, string Why, int Count)> _notes = new(StringComparer.Ordinal);
    private readonly List<string> _members = [];
    private readonly Dictionary<string, int> _unused = new(StringComparer.Ordinal);

    /// <summary>One line for each kind of thing, in the order of their first occurrence.</summary>
    public ImmutableArray<string> Lines =>
        [
            .. _order.Select(key => _notes[key]).Select(n => $"{Number(n.Count)} {(n.Count == 1 ? n.One : n.Many)}: {n.Why}"),
            .. _members.Count == 0
                ? Array.Empty<string>()
                : [$"members that are not used: {string.Join(", ", _members.Select(m => $"{m} ({Number(_unused[m])})"))}"],
        ];

    /// <summary>Counts one thing that is left out or changed.</summary>
    /// <param name="one">Its name, such as <c>system message</c>; the plural has an s.</param>
    /// <param name="why">What happens to it.</param>
    public void Count(string one, string why)
    {
        var key = $"{one}: {why}";
        if (!_notes.TryGetValue(key, out var note))
        {
            _order.Add(key);
            note = (one, $"{one}s", why, 0);
        }

        _notes[key] = note with { Count = note.Count + 1 };
    }

    /// <summary>Counts a member that nothing reads.</summary>
    public void Unused(string member)
    {
        if (!_unused.TryGetValue(member, out var count))
            _members.Add(member);
        _unused[member] = count + 1;
    }

    private static string Number(int n) => n.ToString("N0", CultureInfo.InvariantCulture);
}
