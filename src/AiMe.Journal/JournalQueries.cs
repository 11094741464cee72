using System.Collections.Immutable;
using AiMe.EventSourcing;

namespace AiMe.Journal;

/// <summary>A row without its message.</summary>
/// <param name="CreatedTicks">UTC ticks (100 ns since year 1).</param>
public sealed record Written(long Ordering, PersistenceId Stream, string Manifest, long CreatedTicks);

/// <summary>Indexed queries of single rows, for callers that poll.</summary>
/// <remarks>Nothing is folded and no chain is verified: the results are for display, not for analysis.</remarks>
public sealed class JournalQueries
{
    private readonly ISingleRows _rows;

    internal JournalQueries(ISingleRows rows) => _rows = rows;

    /// <summary>The settled ordering: no row will appear at or below it any more. 0 for an empty journal.</summary>
    /// <remarks>
    /// A caller that reads from one answer to the next misses no row. In SQLite it is the newest row. On PostgreSQL a
    /// transaction may commit after one with higher orderings, so newer rows may already be visible; a later call
    /// includes them.
    /// </remarks>
    public Task<long> NewestAsync(CancellationToken cancellationToken) => _rows.NewestAsync(cancellationToken);

    /// <summary>The version of the schema.</summary>
    public Task<long> SchemaAsync(CancellationToken cancellationToken) => _rows.SchemaAsync(cancellationToken);

    /// <summary>The rows with an event in (after, to], by ordering.</summary>
    /// <param name="fact">The event's manifest without its version, such as <c>memory.stored</c>.</param>
    public Task<ImmutableArray<Written>> BetweenAsync(long after, long to, string fact, CancellationToken cancellationToken) =>
        _rows.BetweenAsync(after, to, OfAnyVersion(fact), cancellationToken);

    /// <summary>The number of rows of each manifest in (after, to], in the streams whose names begin with a prefix.</summary>
    public Task<ImmutableArray<(string Manifest, int Rows)>> CountsAsync(
        string prefix,
        long after,
        long to,
        CancellationToken cancellationToken
    ) => _rows.CountsAsync(prefix, after, to, cancellationToken);

    /// <summary>
    /// The rows with one of several events in (after, to], by ordering, in the streams whose names begin with a prefix.
    /// </summary>
    /// <param name="facts">Manifests without their version.</param>
    public Task<ImmutableArray<JournalRow>> RowsAsync(
        string prefix,
        long after,
        long to,
        ImmutableArray<string> facts,
        CancellationToken cancellationToken
    ) => _rows.RowsAsync(prefix, after, to, facts, cancellationToken);

    /// <summary>The first row with an event in a stream, or null.</summary>
    /// <param name="fact">A manifest without its version.</param>
    public Task<JournalRow?> FirstAsync(PersistenceId stream, string fact, CancellationToken cancellationToken) =>
        _rows.EndAsync(stream, OfAnyVersion(fact), last: false, cancellationToken);

    /// <summary>The last row with an event in a stream, or null.</summary>
    /// <param name="fact">A manifest without its version.</param>
    public Task<JournalRow?> LastAsync(PersistenceId stream, string fact, CancellationToken cancellationToken) =>
        _rows.EndAsync(stream, OfAnyVersion(fact), last: true, cancellationToken);

    /// <summary>The rows with an event in a stream after a sequence number, oldest first.</summary>
    /// <param name="fact">A manifest without its version.</param>
    public Task<ImmutableArray<JournalRow>> AfterAsync(
        PersistenceId stream,
        long sequenceNumber,
        string fact,
        CancellationToken cancellationToken
    ) => _rows.AfterAsync(stream, sequenceNumber, OfAnyVersion(fact), cancellationToken);

    /// <summary>The rows of some streams whose JSON contains a text, at most so many, in no stated order.</summary>
    /// <param name="text">As it stands in the JSON; ASCII letters match in upper and lower case.</param>
    public Task<ImmutableArray<(PersistenceId Stream, long SequenceNumber)>> ContainingAsync(
        ImmutableArray<PersistenceId> streams,
        string text,
        int most,
        CancellationToken cancellationToken
    ) => _rows.ContainingAsync(streams, text, most, cancellationToken);

    // The version follows the name: 'memory.stored@1'.
    private static string OfAnyVersion(string fact) => $"{fact}@";
}
