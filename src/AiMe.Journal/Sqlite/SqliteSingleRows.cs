using System.Collections.Immutable;
using AiMe.EventSourcing;

namespace AiMe.Journal.Sqlite;

/// <summary>Queries of single rows. There is one writer, so the newest ordering is settled.</summary>
internal sealed class SqliteSingleRows(SqliteJournal journal) : ISingleRows
{
    private const string IsFact = "substr(manifest, 1, length(?2)) = ?2";

    public Task<long> NewestAsync(CancellationToken cancellationToken) =>
        journal.ReadAsync(s => s.Number("SELECT MAX(ordering) FROM journal"), cancellationToken);

    public Task<long> SchemaAsync(CancellationToken cancellationToken) =>
        journal.ReadAsync(s => s.Number("PRAGMA user_version"), cancellationToken);

    public Task<ImmutableArray<Written>> BetweenAsync(long after, long to, string fact, CancellationToken cancellationToken) =>
        journal.ReadAsync(
            session =>
            {
                using var reader = session.Query(
                    "SELECT ordering, persistence_id, manifest, created FROM journal WHERE ordering > ?1 AND ordering <= "
                        + $"?3 AND deleted = 0 AND {IsFact} ORDER BY ordering",
                    after,
                    fact,
                    to
                );
                var rows = ImmutableArray.CreateBuilder<Written>();
                while (reader.Read())
                    rows.Add(TableRows.Written(reader));
                return rows.DrainToImmutable();
            },
            cancellationToken
        );

    // The index is read from one end, so that only the rows before the first match are examined.
    public Task<JournalRow?> EndAsync(PersistenceId stream, string fact, bool last, CancellationToken cancellationToken) =>
        journal.ReadAsync(
            session =>
            {
                using var reader = session.Query(
                    $"SELECT {SqliteRows.Columns} FROM journal WHERE persistence_id = ?1 AND deleted = 0 AND {IsFact} "
                        + $"ORDER BY sequence_number {(last ? "DESC" : "ASC")} LIMIT 1",
                    stream.Value,
                    fact
                );
                return reader.Read() ? TableRows.Event(reader) : null;
            },
            cancellationToken
        );

    public Task<ImmutableArray<JournalRow>> AfterAsync(
        PersistenceId stream,
        long sequenceNumber,
        string fact,
        CancellationToken cancellationToken
    ) =>
        journal.ReadAsync(
            session =>
            {
                using var reader = session.Query(
                    $"SELECT {SqliteRows.Columns} FROM journal WHERE persistence_id = ?1 AND sequence_number > ?3 AND "
                        + $"deleted = 0 AND {IsFact} ORDER BY sequence_number",
                    stream.Value,
                    fact,
                    sequenceNumber
                );
                var rows = ImmutableArray.CreateBuilder<JournalRow>();
                while (reader.Read())
                    rows.Add(TableRows.Event(reader));
                return rows.DrainToImmutable();
            },
            cancellationToken
        );
}
