using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AiMe.Journal.Sqlite;

/// <summary>
/// One connection with its prepared statements, which are reused by their text. Used by one thread at a time.
/// </summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _prepared = new(StringComparer.Ordinal);

    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);

    private SqliteSession(SqliteConnection connection) => Connection = connection;

    public SqliteConnection Connection { get; }

    /// <summary>Cache of texts that rows have in common.</summary>
    public StreamNames Names { get; } = new();

    /// <param name="dataSource">A path, or a <c>file:</c> URI.</param>
    /// <param name="busyTimeout">
    /// Longest wait for another process's lock; the driver rounds up to whole seconds, at least 1.
    /// </param>
    public static SqliteSession Open(string dataSource, SqliteOpenMode mode, TimeSpan busyTimeout)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = dataSource,
                Mode = mode,
                Pooling = false,
                DefaultTimeout = Math.Max(1, (int)Math.Ceiling(busyTimeout.TotalSeconds)),
            }.ConnectionString
        );
        try
        {
            connection.Open();
            // The driver waits by its own timer; AiMe's own statements wait inside SQLite.
            _ = raw.sqlite3_busy_timeout(connection.Handle, (int)Math.Max(1000, busyTimeout.TotalMilliseconds));
            return new SqliteSession(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>A statement without the driver, for the operations on every event.</summary>
    public SqliteStatement Statement(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
            _statements.Add(sql, statement = new SqliteStatement(Connection.Handle!, sql));
        return statement;
    }

    /// <summary>Runs a statement with parameters ?1, ?2, ..., and returns the number of changed rows.</summary>
    public int Execute(string sql, params ReadOnlySpan<object> values) => Prepare(sql, values).ExecuteNonQuery();

    /// <summary>The rows of a query. Dispose the reader before the next use of the same text.</summary>
    public SqliteDataReader Query(string sql, params ReadOnlySpan<object> values) => Prepare(sql, values).ExecuteReader();

    /// <summary>The first number of a query; 0 if it is NULL or there is no row.</summary>
    public long Number(string sql, params ReadOnlySpan<object> values) => Prepare(sql, values).ExecuteScalar() is long number ? number : 0;

    /// <summary>
    /// The bytes as an array for the driver; the underlying array itself if it has exactly these bytes.
    /// </summary>
    public static byte[] Bytes(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var segment) && segment.Array is { } array && array.Length == segment.Count
            ? array
            : bytes.ToArray();

    public void Dispose()
    {
        foreach (var command in _prepared.Values)
            command.Dispose();
        foreach (var statement in _statements.Values)
            statement.Dispose();
        Connection.Dispose();
    }

    private SqliteCommand Prepare(string sql, ReadOnlySpan<object> values)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            command = Connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 1; i <= values.Length; i++)
                command.Parameters.Add(new SqliteParameter { ParameterName = $"?{i}" });
            _prepared.Add(sql, command);
        }

        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
        return command;
    }
}
