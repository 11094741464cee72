using System.Collections.Immutable;
using AiMe.EventSourcing;
using Npgsql;

namespace AiMe.Journal.Postgres;

/// <summary>
/// The queries. Long results come in pages, so that no transaction stays open between pages, and a lost connection
/// costs one page.
/// </summary>
internal static class PostgresRows
{
    /// <summary>The columns that <see cref="TableRows.Event"/> reads, in its order.</summary>
    public const string Columns = "j.ordering, j.persistence_id, j.sequence_number, j.manifest, j.message, j.created, j.writer_uuid";

    public static Task<List<JournalRow>> OfStreamAsync(
        NpgsqlConnection connection,
        PersistenceId stream,
        long from,
        long to,
        int limit,
        CancellationToken cancellationToken
    ) =>
        connection.QueryAsync(
            $"SELECT {Columns} FROM journal j WHERE j.persistence_id = $1 AND j.sequence_number BETWEEN $2 AND $3 AND NOT "
                + "j.deleted ORDER BY j.sequence_number LIMIT $4",
            TableRows.Event,
            cancellationToken,
            stream.Value,
            from,
            to,
            limit
        );

    public static Task<List<JournalRow>> AfterAsync(
        NpgsqlConnection connection,
        long ordering,
        int limit,
        CancellationToken cancellationToken
    ) =>
        connection.QueryAsync(
            $"SELECT {Columns} FROM journal j WHERE j.ordering > $1 AND NOT j.deleted ORDER BY j.ordering LIMIT $2",
            TableRows.Event,
            cancellationToken,
            ordering,
            limit
        );

    public static Task<long> HighestAsync(NpgsqlConnection connection, PersistenceId stream, CancellationToken cancellationToken) =>
        connection.NumberAsync("SELECT max(sequence_number) FROM journal WHERE persistence_id = $1", cancellationToken, stream.Value);

    /// <summary>
    /// The streams with a prefix, with one index search per stream instead of a scan over all events.
    /// </summary>
    /// <remarks>
    /// The search can start at the prefix and end after it only if the database sorts text by code point.
    /// </remarks>
    public static async Task<ImmutableArray<PersistenceId>> StreamsAsync(
        NpgsqlConnection connection,
        string prefix,
        CancellationToken cancellationToken
    )
    {
        var names = await connection.QueryAsync(
            """
            WITH RECURSIVE sorted(ordinal) AS MATERIALIZED (SELECT 'B'::text < 'a'::text),
            ids(id) AS (
              SELECT CASE WHEN (SELECT ordinal FROM sorted)
                THEN (SELECT min(persistence_id) FROM journal WHERE persistence_id >= $1)
                ELSE (SELECT min(persistence_id) FROM journal) END
              UNION ALL
              SELECT (SELECT min(persistence_id) FROM journal WHERE persistence_id > ids.id) FROM ids
              WHERE ids.id IS NOT NULL AND (starts_with(ids.id, $1) OR NOT (SELECT ordinal FROM sorted)))
            SELECT id FROM ids WHERE starts_with(id, $1)
            """,
            reader => reader.GetString(0),
            cancellationToken,
            prefix
        );
        names.Sort(StringComparer.Ordinal);
        return [.. names.Select(name => new PersistenceId(name))];
    }

    public static async Task<Snapshot?> NewestAsync(
        NpgsqlConnection connection,
        PersistenceId stream,
        long atMost,
        CancellationToken cancellationToken
    ) =>
        (
            await connection.QueryAsync(
                "SELECT sequence_number, manifest, snapshot, created FROM snapshot WHERE persistence_id = $1 AND "
                    + "sequence_number <= $2 AND snapshot IS NOT NULL ORDER BY sequence_number DESC LIMIT 1",
                reader => TableRows.Snapshot(stream, reader),
                cancellationToken,
                stream.Value,
                atMost
            )
        ).FirstOrDefault();

    public static async Task<Snapshot?> FirstSnapshotAsync(
        NpgsqlConnection connection,
        PersistenceId stream,
        long after,
        CancellationToken cancellationToken
    ) =>
        (
            await connection.QueryAsync(
                "SELECT sequence_number, manifest, snapshot, created FROM snapshot WHERE persistence_id = $1 AND "
                    + "sequence_number > $2 AND snapshot IS NOT NULL ORDER BY sequence_number LIMIT 1",
                reader => TableRows.Snapshot(stream, reader),
                cancellationToken,
                stream.Value,
                after
            )
        ).FirstOrDefault();
}

/// <summary>Number of rows per page: few if messages are large, so that a page stays within a few megabytes.</summary>
internal sealed class PageSize
{
    private const int First = 64,
        Most = 4096,
        Bytes = 4 * 1024 * 1024;

    public int Limit { get; private set; } = First;

    /// <summary>Adapts the limit to a page; true if the page was full, so that more rows may follow.</summary>
    public bool Took(List<JournalRow> page)
    {
        var full = page.Count == Limit;
        var average = page.Count == 0 ? 1 : Math.Max(1, page.Sum(row => (long)row.Message.Length) / page.Count);
        Limit = (int)Math.Clamp(Bytes / average, 1, Math.Min(Most, Limit * 8L));
        return full;
    }
}
