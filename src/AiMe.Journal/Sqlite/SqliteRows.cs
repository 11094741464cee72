using System.Collections.Immutable;
using AiMe.EventSourcing;

namespace AiMe.Journal.Sqlite;

/// <summary>The queries. Long results come in pages, so that no reader holds the file open between pages.</summary>
internal static class SqliteRows
{
    private const int PageRows = 512,
        PageBytes = 4 * 1024 * 1024;

    /// <summary>The columns that <see cref="Row"/> reads, in its order.</summary>
    public const string Columns = "ordering, persistence_id, sequence_number, manifest, message, created, writer_uuid";

    /// <summary>A page of a stream's rows from a sequence number, and whether there may be more.</summary>
    public static (List<JournalRow> Rows, bool More) OfStream(SqliteSession session, PersistenceId stream, long from, long to)
    {
        var query = session.Statement(
            $"SELECT {Columns} FROM journal WHERE persistence_id = ?1 AND sequence_number BETWEEN ?2 AND ?3 AND deleted = "
                + "0 ORDER BY sequence_number"
        );
        query.Bind(1, Utf8.Of(stream.Value));
        query.Bind(2, from);
        query.Bind(3, to);
        return Page(session, query);
    }

    /// <summary>A page of the whole journal after an ordering, and whether there may be more.</summary>
    public static (List<JournalRow> Rows, bool More) After(SqliteSession session, long ordering)
    {
        var query = session.Statement($"SELECT {Columns} FROM journal WHERE ordering > ?1 AND deleted = 0 ORDER BY ordering");
        query.Bind(1, ordering);
        return Page(session, query);
    }

    private static (List<JournalRow> Rows, bool More) Page(SqliteSession session, SqliteStatement query)
    {
        try
        {
            var page = new List<JournalRow>(PageRows);
            for (var bytes = 0; page.Count < PageRows && bytes < PageBytes; bytes += page[^1].Message.Length)
            {
                if (!query.Step())
                    return (page, More: false);
                page.Add(Row(session.Names, query));
            }

            return (page, More: true);
        }
        finally
        {
            query.Reset();
        }
    }

    public static long Highest(SqliteSession session, PersistenceId stream) =>
        session.Number("SELECT MAX(sequence_number) FROM journal WHERE persistence_id = ?1", stream.Value);

    /// <summary>
    /// The streams with a prefix, with one index search per stream instead of a scan over all events.
    /// </summary>
    public static ImmutableArray<PersistenceId> Streams(SqliteSession session, string prefix)
    {
        using var reader = session.Query(
            """
            WITH RECURSIVE ids(id) AS (
              SELECT MIN(persistence_id) FROM journal WHERE persistence_id >= ?1
              UNION ALL
              SELECT (SELECT MIN(persistence_id) FROM journal WHERE persistence_id > ids.id) FROM ids
              WHERE substr(ids.id, 1, length(?1)) = ?1)
            SELECT id FROM ids WHERE substr(id, 1, length(?1)) = ?1
            """,
            prefix
        );
        var names = new List<string>();
        while (reader.Read())
            names.Add(reader.GetString(0));
        names.Sort(StringComparer.Ordinal); // SQLite orders by UTF-8, .NET by UTF-16
        return [.. names.Select(name => new PersistenceId(name))];
    }

    public static Snapshot? Newest(SqliteSession session, PersistenceId stream, long atMost)
    {
        using var reader = session.Query(
            "SELECT sequence_number, manifest, snapshot, created FROM snapshot WHERE persistence_id = ?1 AND "
                + "sequence_number <= ?2 AND snapshot IS NOT NULL ORDER BY sequence_number DESC LIMIT 1",
            stream.Value,
            atMost
        );
        return reader.Read() ? TableRows.Snapshot(stream, reader) : null;
    }

    public static Snapshot? FirstSnapshot(SqliteSession session, PersistenceId stream, long after)
    {
        using var reader = session.Query(
            "SELECT sequence_number, manifest, snapshot, created FROM snapshot WHERE persistence_id = ?1 AND "
                + "sequence_number > ?2 AND snapshot IS NOT NULL ORDER BY sequence_number LIMIT 1",
            stream.Value,
            after
        );
        return reader.Read() ? TableRows.Snapshot(stream, reader) : null;
    }

    private static JournalRow Row(StreamNames names, SqliteStatement row) =>
        new(
            row.Number(0),
            new PersistenceId(names.Of(row.Bytes(1))),
            row.Number(2),
            names.Of(row.Bytes(3)),
            row.Bytes(4).ToArray(),
            row.Number(5),
            new WriterId(names.Of(row.Bytes(6)))
        );
}
