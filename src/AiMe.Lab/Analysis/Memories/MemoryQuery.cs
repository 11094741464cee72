using System.Collections.Immutable;
using System.Globalization;
using AiMe.Metrics.Text;

namespace AiMe.Lab.Analysis.Memories;

/// <summary>A memory that a search found.</summary>
/// <param name="Words">Words of the query that it has.</param>
/// <param name="IsPhrase">Whether it has them all in the query's order without a gap.</param>
/// <param name="Times">Occurrences of the query's words in it.</param>
public sealed record MemoryMatch(string Instance, AuditedMemory Memory, int Words, bool IsPhrase, int Times);

/// <summary>A search of memories by words, without an embedding.</summary>
/// <remarks>
/// A word of the query is found where a word of the memory begins with it; case and punctuation do not count. In scripts without
/// letter case, which may write no blanks, it is found anywhere. A memory is found if it has one word. More words of the query come
/// first, then the whole phrase, then more occurrences, then the newer memory.
/// </remarks>
public sealed class MemoryQuery
{
    private readonly ImmutableArray<string> _words;
    private readonly string _phrase;

    private MemoryQuery(ImmutableArray<string> words, string phrase) => (_words, _phrase) = (words, phrase);

    /// <summary>Reads a query; null if it has no word.</summary>
    public static MemoryQuery? Of(string text)
    {
        var words = WordTokenizer.Of(text);
        return words.Count == 0 ? null : new([.. words.Distinct(StringComparer.Ordinal)], $" {string.Join(' ', words)}");
    }

    /// <summary>What an instance stored that has words of the query, best first; rejected and forgotten texts too.</summary>
    public IEnumerable<MemoryMatch> Find(MemoryAudit audit)
    {
        ArgumentNullException.ThrowIfNull(audit);
        return Ranked(audit.Memories.Select(m => Match(audit.Instance, m)).OfType<MemoryMatch>());
    }

    /// <summary>Matches of several instances, best first.</summary>
    public static IEnumerable<MemoryMatch> Ranked(IEnumerable<MemoryMatch> matches) =>
        matches
            .OrderByDescending(m => m.Words)
            .ThenByDescending(m => m.IsPhrase)
            .ThenByDescending(m => m.Times)
            .ThenByDescending(m => m.Memory.Cycle);

    /// <summary>A text on one line, from a little before the first word of the query on if that stands late.</summary>
    /// <param name="most">Most characters.</param>
    public string Excerpt(string text, int most)
    {
        var line = MemoryWords.OneLine(text);
        var first = _words.Select(w => line.IndexOf(w, StringComparison.OrdinalIgnoreCase)).Where(at => at >= 0).DefaultIfEmpty(0).Min();
        if (line.Length <= most || first < most * 2 / 3)
            return MemoryWords.Beginning(line, most);
        var from = line.LastIndexOf(' ', first - most / 3) + 1;
        return $"...{MemoryWords.Beginning(line[from..], most - 3)}";
    }

    private MemoryMatch? Match(string instance, AuditedMemory memory)
    {
        var text = PlainWords.Of(memory.Text).Text;
        int[] times = [.. _words.Select(w => Occurrences(text, IsCaseless(w) ? w : $" {w}"))];
        var found = times.Count(t => t > 0);
        return found == 0 ? null : new(instance, memory, found, text.Contains(_phrase, StringComparison.Ordinal), times.Sum());
    }

    private static int Occurrences(string text, string part)
    {
        var times = 0;
        for (var at = text.IndexOf(part, StringComparison.Ordinal); at >= 0; at = text.IndexOf(part, at + 1, StringComparison.Ordinal))
            times++;
        return times;
    }

    private static bool IsCaseless(string word) => word.Any(c => char.GetUnicodeCategory(c) == UnicodeCategory.OtherLetter);
}
