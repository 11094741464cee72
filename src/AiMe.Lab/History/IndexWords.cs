using System.Collections.Immutable;
using System.Globalization;
using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.History;

/// <summary>Searches of memories that a vector store did not answer, in words.</summary>
public static class IndexWords
{
    /// <summary>Over all sessions, by store and kind.</summary>
    /// <returns>The number of searches, and what the store said last.</returns>
    public static ImmutableArray<IndexFailed> Sum(IEnumerable<IndexFailed> failures) =>
        [
            .. failures
                .GroupBy(f => (f.Store, f.Kind))
                .OrderBy(g => g.Key)
                .Select(g => g.Last() with { Holder = "", Searches = g.Sum(f => f.Searches) }),
        ];

    /// <summary>Such as <c>pgvector did not answer 12 memory searches, and the embedded scan did: ...</c>.</summary>
    /// <param name="waits">Whether they were repeated until the store answered.</param>
    public static string Of(IndexFailed failed, bool waits)
    {
        ArgumentNullException.ThrowIfNull(failed);
        var count = failed.Searches.ToString("N0", CultureInfo.InvariantCulture);
        var searches = failed.Searches == 1 ? "1 memory search" : $"{count} memory searches";
        var refused = failed.Kind == IndexFailed.Refused;
        var what =
            waits && !refused
                ? $"did not answer {count} {(failed.Searches == 1 ? "time" : "times")}; each memory search was repeated"
                : $"{(refused ? "refused" : "did not answer")} {searches}{(waits ? "" : ", and the embedded scan did")}";
        return $"{failed.Store} {what}: {failed.Words.TrimEnd('.')}";
    }
}
