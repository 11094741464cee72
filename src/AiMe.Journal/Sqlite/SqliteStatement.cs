using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AiMe.Journal.Sqlite;

/// <summary>
/// A prepared statement of SQLite's own API, without boxed values, for the operations on every event.
/// </summary>
/// <remarks>
/// Parameters count from 1 and columns from 0. A text is bound as UTF-8 bytes, so that repeated names are encoded once.
/// </remarks>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    /// <exception cref="SqliteException">The statement cannot be prepared.</exception>
    public SqliteStatement(sqlite3 database, string sql)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v2(database, sql, out _statement));
    }

    public void Bind(int parameter, long value) => Check(raw.sqlite3_bind_int64(_statement, parameter, value));

    public void Bind(int parameter, Utf8 text) => Check(raw.sqlite3_bind_text(_statement, parameter, text.Bytes));

    // An empty blob has no address, and SQLite would store NULL.
    public void Bind(int parameter, ReadOnlySpan<byte> blob) =>
        Check(blob.IsEmpty ? raw.sqlite3_bind_zeroblob(_statement, parameter, 0) : raw.sqlite3_bind_blob(_statement, parameter, blob));

    /// <summary>Moves to the next row; false if there is none.</summary>
    /// <exception cref="SqliteException">The statement failed; it may be used again.</exception>
    public bool Step()
    {
        var code = raw.sqlite3_step(_statement);
        if (code is raw.SQLITE_ROW or raw.SQLITE_DONE)
            return code == raw.SQLITE_ROW;
        var failure = Failure(code); // before the reset, which clears the message
        Reset();
        throw failure;
    }

    /// <summary>Runs the statement to its end and resets it.</summary>
    public void Run()
    {
        while (Step()) { }

        Reset();
    }

    /// <summary>Resets the statement; until then a query holds a read lock.</summary>
    public void Reset() => _ = raw.sqlite3_reset(_statement); // returns the code of the last step, which has been reported

    public long Number(int column) => raw.sqlite3_column_int64(_statement, column);

    /// <summary>The bytes of a text or a blob, valid until the next step; empty for NULL.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(_statement, column);

    public void Dispose() => _statement.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
            throw Failure(code);
    }

    private SqliteException Failure(int code) =>
        new(
            $"SQLite Error {code & 0xff}: '{raw.sqlite3_errmsg(_database).utf8_to_string()}'.",
            code & 0xff,
            raw.sqlite3_extended_errcode(_database)
        );
}

/// <summary>A text as the UTF-8 bytes that SQLite stores.</summary>
internal readonly record struct Utf8(byte[] Bytes)
{
    public static Utf8 Of(string text) => new(Encoding.UTF8.GetBytes(text));
}
