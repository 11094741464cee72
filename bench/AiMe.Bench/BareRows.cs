using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AiMe.Bench;

/// <summary>Rows written by hand with prepared statements on one connection in WAL with synchronous=FULL: what the store itself can do.</summary>
internal static class BareRows
{
    /// <summary>How bare rows are written.</summary>
    /// <param name="Streams">Persistence ids that take turns.</param>
    /// <param name="Indexed">Whether into the product's schema, or into a table without secondary indexes.</param>
    public sealed record Case(string Says, int Transaction, int Streams, bool Indexed);

    /// <summary>First the one that does exactly what so many instances ask of the journal.</summary>
    public static IEnumerable<Case> Cases(int instances)
    {
        if (instances == 1)
        {
            yield return new("one by one", 1, 1, true);
            yield break;
        }

        yield return new($"{instances:#,0} a transaction, of {instances:#,0} streams", instances, instances, true);
        yield return new($"{instances:#,0} a transaction, of one stream", instances, 1, true);
        yield return new($"{instances:#,0} a transaction, no secondary indexes", instances, instances, false);
    }

    public static async Task<Work> WriteAsync(SqliteStore store, string directory, Case like, int rows, CancellationToken cancelled)
    {
        var file = SqliteStore.FileIn(directory);
        if (like.Indexed)
            await (await store.OpenAsync(directory, cancelled)).DisposeAsync(); // the schema, as the product makes it
        using var connection = new SqliteConnection($"Data Source={file};Pooling=false");
        connection.Open();
        var db = connection.Handle!;
        Execute(db, "PRAGMA journal_mode=WAL");
        Execute(db, "PRAGMA synchronous=FULL");
        if (!like.Indexed)
            Execute(
                db,
                "CREATE TABLE journal(ordering INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, created BigInt NOT NULL, deleted Bit NOT NULL, persistence_id NVarChar(255) NOT NULL, sequence_number BigInt NOT NULL, message VarBinary NOT NULL, manifest NVarChar(500) NULL, identifier INTEGER NULL, writer_uuid NVarChar(128) NULL)"
            );
        return await Measuring.TimeAsync(() => Task.FromResult(Write(db, like, rows)));
    }

    private static long Write(sqlite3 db, Case like, int rows)
    {
        using var row = Prepare(
            db,
            "INSERT INTO journal(created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid) VALUES (?1, 0, ?2, ?3, ?4, 'memory.stored@1', 174201, '0123456789abcdef0123456789abcdef')"
        );
        using var begin = Prepare(db, "BEGIN IMMEDIATE");
        using var commit = Prepare(db, "COMMIT");
        var message = new byte[JournalBench.EventBytes];
        message.AsSpan().Fill((byte)'x');
        var streams = Enumerable.Range(0, like.Streams).Select(i => JournalBench.StreamOf(i).Value).ToArray();
        for (var n = 0; n < rows; )
        {
            Step(db, begin);
            for (var i = 0; i < like.Transaction && n < rows; i++, n++)
            {
                raw.sqlite3_bind_int64(row, 1, 638_000_000_000_000_000 + n / like.Transaction);
                raw.sqlite3_bind_text(row, 2, streams[n % like.Streams]);
                raw.sqlite3_bind_int64(row, 3, n / like.Streams + 1);
                raw.sqlite3_bind_blob(row, 4, message);
                Step(db, row);
            }

            Step(db, commit);
        }

        return rows;
    }

    private static sqlite3_stmt Prepare(sqlite3 db, string sql)
    {
        Check(db, raw.sqlite3_prepare_v2(db, sql, out var statement));
        return statement;
    }

    private static void Execute(sqlite3 db, string sql)
    {
        using var statement = Prepare(db, sql);
        while (raw.sqlite3_step(statement) == raw.SQLITE_ROW) { }
    }

    private static void Step(sqlite3 db, sqlite3_stmt statement)
    {
        if (raw.sqlite3_step(statement) != raw.SQLITE_DONE)
            throw new InvalidOperationException(raw.sqlite3_errmsg(db).utf8_to_string());
        Check(db, raw.sqlite3_reset(statement));
    }

    private static void Check(sqlite3 db, int code)
    {
        if (code != raw.SQLITE_OK)
            throw new InvalidOperationException(raw.sqlite3_errmsg(db).utf8_to_string());
    }
}
