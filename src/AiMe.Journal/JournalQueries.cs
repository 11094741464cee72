using System.Collections.Immutable;
using AiMe.EventSourcing;

namespace AiMe.Journal;

/// <summary>That something was written: a row without its message.</summary>
/// <param name="CreatedTicks">UTC ticks (100 ns since year 1).</param>
public sealed record Written(long Ordering, PersistenceId Stream, string Manifest, long CreatedTicks);

/// <summary>
/// Single rows of a journal, found through its indexes, for those who look often and cannot read all of it each time.
/// Nothing is folded and no chain is checked: for figures to look at, not for results.
/// </summary>
public sealed class JournalQueries
{
    private readonly ISingleRows _rows;

    internal JournalQueries(ISingleRows rows) => _rows = rows;

    /// <summary>
    /// The ordering up to which everything is written: no row will appear at it or below any more. 0 for an empty
    /// journal.
    /// </summary>
    /// <remarks>
    /// Whoever reads on from the last answer to the next misses nothing. In SQLite that is the newest row. On
    /// PostgreSQL a transaction may commit behind one with higher orderings, so rows newer than this may be there
    /// already, and are told at a later look.
    /// </remarks>
    public Task<long> NewestAsync(CancellationToken cancellationToken) => _rows.NewestAsync(cancellationToken);

    /// <summary>The schema's version, as the database tells it.</summary>
    public Task<long> SchemaAsync(CancellationToken cancellationToken) => _rows.SchemaAsync(cancellationToken);

    /// <summary>When and where a fact was written, by ordering, in (after, to].</summary>
    /// <param name="fact">A manifest without its version, such as <c>memory.stored</c>.</param>
    public Task<ImmutableArray<Written>> BetweenAsync(long after, long to, string fact, CancellationToken cancellationToken) =>
        _rows.BetweenAsync(after, to, OfAnyVersion(fact), cancellationToken);

    /// <summary>The first row of a fact in a stream, or null.</summary>
    /// <param name="fact">A manifest without its version.</param>
    public Task<JournalRow?> FirstAsync(PersistenceId stream, string fact, CancellationToken cancellationToken) =>
        _rows.EndAsync(stream, OfAnyVersion(fact), last: false, cancellationToken);

    /// <summary>The last row of a fact in a stream, or null.</summary>
    /// <param name="fact">A manifest without its version.</param>
    public Task<JournalRow?> LastAsync(PersistenceId stream, string fact, CancellationToken cancellationToken) =>
        _rows.EndAsync(stream, OfAnyVersion(fact), last: true, cancellationToken);

    /// <summary>The rows of a fact in a stream behind a sequence number, oldest first.</summary>
    /// <param name="fact">A manifest without its version.</param>
    public Task<ImmutableArray<JournalRow>> AfterAsync(
        PersistenceId stream,
        long sequenceNumber,
        string fact,
        CancellationToken cancellationToken
    ) => _rows.AfterAsync(stream, sequenceNumber, OfAnyVersion(fact), cancellationToken);

    // The version stands behind the fact: 'memory.stored@1'.
    private static string OfAnyVersion(string fact) => $"{fact}@";
}
