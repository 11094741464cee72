using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Journal;

namespace AiMe.Lab.History.Replay;

/// <summary>The events that a filter admits.</summary>
/// <param name="Indices">Ascending.</param>
/// <param name="IsCut">Whether there may be more than <see cref="EventFilter.MostFound"/>, of which these are the first.</param>
public sealed record EventMatches(ImmutableArray<long> Indices, bool IsCut);

/// <summary>Which events of an instance are wanted.</summary>
/// <param name="Faculties">One bit a faculty, in the order of <see cref="Loop.Faculties"/>.</param>
/// <param name="Manifest">Only events of this kind, such as <c>memory.stored@1</c>; null for all.</param>
/// <param name="Text">Only events whose text contains this, in upper or lower case; empty for all.</param>
/// <param name="Generation">Only events after this generation was reached and before the next; null for all.</param>
public sealed record EventFilter(int Faculties, string? Manifest, string Text, int? Generation)
{
    /// <summary>At most so many events are found by their text.</summary>
    public const int MostFound = 5_000;

    /// <summary>Every event.</summary>
    public static readonly EventFilter All = new((1 << Loop.Faculties.Length) - 1, null, "", null);

    /// <summary>The wanted events; null if all are wanted.</summary>
    /// <remarks>
    /// Faculty, kind and generation come from the index in memory. A text is looked for by the database in the JSON of the instance's
    /// own rows, and then in what the event says: embeddings in the JSON are no text.
    /// </remarks>
    public async Task<EventMatches?> FindAsync(Timeline timeline, string run, JournalQueries queries, CancellationToken cancellationToken)
    {
        if (this == All)
            return null;
        var kind = Manifest is null ? -1 : timeline.Index.Manifests.ToList().IndexOf(Manifest);
        if (Text.Length == 0)
        {
            var found = ImmutableArray.CreateBuilder<long>();
            for (var i = 1L; i <= timeline.Length; i++)
            {
                if (Admits(timeline.Index[i], kind))
                    found.Add(i);
            }

            return new(found.DrainToImmutable(), IsCut: false);
        }

        return await WithTextAsync(timeline, run, kind, queries, cancellationToken);
    }

    private async Task<EventMatches> WithTextAsync(
        Timeline timeline,
        string run,
        int kind,
        JournalQueries queries,
        CancellationToken cancellationToken
    )
    {
        var streams = Loop.Faculties.Select(f => PersistenceId.Of(run, new FacultyAddress(timeline.Instance, f.Name))).ToImmutableArray();
        var inJson = JsonEncodedText.Encode(Text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();
        var asked = streams.Where((_, place) => TimelineIndex.Has(Faculties, place)).ToImmutableArray();
        var rows = await queries.ContainingAsync(asked, inJson, int.MaxValue, cancellationToken);
        var wanted = rows.Select(r => (Faculty: streams.IndexOf(r.Stream), r.SequenceNumber)).ToHashSet();
        var sequence = new long[streams.Length];
        var found = ImmutableArray.CreateBuilder<long>();
        for (var i = 1L; i <= timeline.Length; i++)
        {
            if (found.Count == MostFound)
                return new(found.ToImmutable(), IsCut: true);
            var entry = timeline.Index[i];
            if (
                wanted.Contains((entry.Faculty, ++sequence[entry.Faculty]))
                && Admits(entry, kind)
                && await SaysAsync(timeline, i, cancellationToken)
            )
                found.Add(i);
        }

        return new(found.DrainToImmutable(), IsCut: false);
    }

    private async Task<bool> SaysAsync(Timeline timeline, long index, CancellationToken cancellationToken)
    {
        var phrase = EventText.Tell((await timeline.AtAsync(index, cancellationToken)).Event);
        return phrase.Lines.Prepend(phrase.Heading ?? "").Any(l => l.Contains(Text, StringComparison.OrdinalIgnoreCase));
    }

    private bool Admits(TimelineIndex.IndexEntry entry, int kind) =>
        TimelineIndex.Has(Faculties, entry.Faculty)
        && (Manifest is null || entry.Manifest == kind)
        && (Generation is not { } generation || entry.Generation == generation);
}
