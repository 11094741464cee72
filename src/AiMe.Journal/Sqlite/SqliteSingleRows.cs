using System.Collections.Immutable;
using AiMe.EventSourcing;

namespace AiMe.Journal.Sqlite;

/// <summary>Queries of single rows. There is one writer, so the newest ordering is settled.</summary>
internal sealed class SqliteSingleRows(SqliteJournal journal) : ISingleRows
{
    private const string IsFact = "substr(manifest, 1, length(?2)) = ?2";

    private const string InRange = "ordering > ?2 AND ordering <= ?3 AND deleted = 0 AND substr(persistence_id, 1, length(?1)) = ?1";

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

    public Task<ImmutableArray<(string Manifest, int Rows)>> CountsAsync(
        string prefix,
        long after,
        long to,
        CancellationToken cancellationToken
    ) =>
        journal.ReadAsync(
            session =>
            {
                using var reader = session.Query(
                    $"SELECT manifest, COUNT(*) FROM journal WHERE {InRange} GROUP BY manifest ORDER BY manifest",
                    prefix,
                    after,
                    to
                );
                var counts = ImmutableArray.CreateBuilder<(string, int)>();
                while (reader.Read())
                    counts.Add((reader.GetString(0), reader.GetInt32(1)));
                return counts.DrainToImmutable();
            },
            cancellationToken
        );

    public Task<ImmutableArray<JournalRow>> RowsAsync(
        string prefix,
        long after,
        long to,
        ImmutableArray<string> facts,
        CancellationToken cancellationToken
    ) =>
        journal.ReadAsync(
            session =>
            {
                using var reader = session.Query(
                    $"SELECT {SqliteRows.Columns} FROM journal WHERE {InRange} AND "
                        + "instr(?4, ' ' || substr(manifest, 1, instr(manifest, '@'))) > 0 ORDER BY ordering",
                    prefix,
                    after,
                    to,
                    string.Concat(facts.Select(f => $" {f}@"))
                );
                var rows = ImmutableArray.CreateBuilder<JournalRow>();
                while (reader.Read())
                    rows.Add(TableRows.Event(reader));
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

    public Task<ImmutableArray<(PersistenceId Stream, long SequenceNumber)>> ContainingAsync(
        ImmutableArray<PersistenceId> streams,
        string text,
        int most,
        CancellationToken cancellationToken
    ) =>
        journal.ReadAsync(
            session =>
            {
                var found = ImmutableArray.CreateBuilder<(PersistenceId, long)>();
                foreach (var stream in streams)
                {
                    using var reader = session.Query(
                        "SELECT sequence_number FROM journal WHERE persistence_id = ?1 AND deleted = 0 "
                            + "AND CAST(message AS TEXT) LIKE ?2 ESCAPE '!' LIMIT ?3",
                        stream.Value,
                        TableRows.Anywhere(text),
                        most - found.Count
                    );
                    while (reader.Read())
                        found.Add((stream, reader.GetInt64(0)));
                }

                return found.DrainToImmutable();
            },
            cancellationToken
        );
}
