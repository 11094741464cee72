using System.Collections.Immutable;
using AiMe.Journal.Sqlite;
using AiMe.Kernel;

namespace AiMe.Journal;

/// <summary>That something was written: a row without its message.</summary>
/// <param name="CreatedTicks">UTC ticks (100 ns since year 1).</param>
public sealed record Written(long Ordering, PersistenceId Stream, string Manifest, long CreatedTicks);

/// <summary>
/// Single rows of a journal, found through its indexes, for those who look often and cannot read all of it each time.
/// Nothing is folded and no chain is checked: for figures to look at, not for results.
/// </summary>
public sealed class Glance
{
    // The version stands behind the fact: 'memory.stored@1'.
    private const string IsFact = "substr(manifest, 1, length(?2)) = ?2";

    private readonly SqliteJournal _journal;

    internal Glance(SqliteJournal journal) => _journal = journal;

    /// <summary>The ordering of the newest row; 0 for an empty journal.</summary>
    public Task<long> NewestAsync(CancellationToken cancellationToken) =>
        _journal.ReadAsync(s => s.Number("SELECT MAX(ordering) FROM journal"), cancellationToken);

    /// <summary>The schema's version, as the file tells it.</summary>
    public Task<long> SchemaAsync(CancellationToken cancellationToken) =>
        _journal.ReadAsync(s => s.Number("PRAGMA user_version"), cancellationToken);

    /// <summary>When and where a fact was written, by ordering, in (after, to].</summary>
    /// <param name="fact">A manifest without its version, such as <c>memory.stored</c>.</param>
    public Task<ImmutableArray<Written>> BetweenAsync(long after, long to, string fact, CancellationToken cancellationToken) => _journal.ReadAsync(
        session =>
        {
            using var reader = session.Query($"SELECT ordering, persistence_id, manifest, created FROM journal WHERE ordering > ?1 AND ordering <= ?3 AND deleted = 0 AND {IsFact} ORDER BY ordering", after, $"{fact}@", to);
            var rows = ImmutableArray.CreateBuilder<Written>();
            while (reader.Read())
                rows.Add(new Written(reader.GetInt64(0), new PersistenceId(reader.GetString(1)), reader.GetString(2), reader.GetInt64(3)));
            return rows.DrainToImmutable();
        },
        cancellationToken);

    /// <summary>The first row of a fact in a stream, or null.</summary>
    /// <param name="fact">A manifest without its version.</param>
    public Task<JournalRow?> FirstAsync(PersistenceId stream, string fact, CancellationToken cancellationToken) => OneAsync(stream, fact, "ASC", cancellationToken);

    /// <summary>The last row of a fact in a stream, or null.</summary>
    /// <param name="fact">A manifest without its version.</param>
    public Task<JournalRow?> LastAsync(PersistenceId stream, string fact, CancellationToken cancellationToken) => OneAsync(stream, fact, "DESC", cancellationToken);

    /// <summary>The rows of a fact in a stream behind a sequence number, oldest first.</summary>
    /// <param name="fact">A manifest without its version.</param>
    public Task<ImmutableArray<JournalRow>> AfterAsync(PersistenceId stream, long sequenceNumber, string fact, CancellationToken cancellationToken) => _journal.ReadAsync(
        session =>
        {
            using var reader = session.Query($"SELECT {Rows.Columns} FROM journal WHERE persistence_id = ?1 AND sequence_number > ?3 AND deleted = 0 AND {IsFact} ORDER BY sequence_number", stream.Value, $"{fact}@", sequenceNumber);
            var rows = ImmutableArray.CreateBuilder<JournalRow>();
            while (reader.Read())
                rows.Add(Rows.Row(reader));
            return rows.DrainToImmutable();
        },
        cancellationToken);

    // The index is walked from one end, so that only the rows before the first of its kind are looked at.
    private Task<JournalRow?> OneAsync(PersistenceId stream, string fact, string direction, CancellationToken cancellationToken) => _journal.ReadAsync(
        session =>
        {
            using var reader = session.Query($"SELECT {Rows.Columns} FROM journal WHERE persistence_id = ?1 AND deleted = 0 AND {IsFact} ORDER BY sequence_number {direction} LIMIT 1", stream.Value, $"{fact}@");
            return reader.Read() ? Rows.Row(reader) : null;
        },
        cancellationToken);
}
