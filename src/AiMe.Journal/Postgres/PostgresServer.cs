using System.Data;
using System.Data.Common;
using Npgsql;

namespace AiMe.Journal.Postgres;

/// <summary>
/// The connections of a database. Operations wait while the server is unreachable, and a lost connection is replaced.
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private readonly PostgresSettings _settings;
    private readonly TimeProvider _clock;

    public PostgresServer(PostgresAddress address, PostgresSettings settings, TimeProvider clock, bool readOnly)
    {
        (Place, _settings, _clock) = (address.Place, settings, clock);
        Outage = new Outage(Place, settings, clock);
        Pool = NpgsqlDataSource.Create(Complete(address.Connection, readOnly));
    }

    /// <summary>The database as messages name it.</summary>
    public string Place { get; }

    public NpgsqlDataSource Pool { get; }

    /// <summary>The current outage of the server.</summary>
    public Outage Outage { get; }

    /// <summary>When an append reaches the disk.</summary>
    public Synchronous Synchronous => _settings.Synchronous;

    /// <summary>Number of streams whose highest sequence number a writer remembers.</summary>
    public int Remembered => _settings.Remembered;

    /// <summary>
    /// Confirms that this process still owns the names that it writes, if the last confirmation is old.
    /// </summary>
    /// <exception cref="JournalException">
    /// Another process has taken over, or the outage exceeded the patience.
    /// </exception>
    public Func<CancellationToken, Task> ConfirmAsync { get; set; } = _ => Task.CompletedTask;

    /// <summary>Time after an outage during which no owner on another host counts as dead.</summary>
    public TimeSpan Grace => _settings.Grace;

    /// <summary>Starts the attempts of one operation.</summary>
    public BackOff BackOff() => new(this, _settings, _clock);

    /// <summary>
    /// Reads over a connection, and repeats the read over another if it is lost. Callers with long results read page by
    /// page.
    /// </summary>
    /// <exception cref="JournalException">The database refuses, or the outage exceeded the patience.</exception>
    public Task<T> ReadAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> read, CancellationToken cancellationToken) =>
        TryAsync(read, cancellationToken);

    /// <summary>
    /// Runs a change in its own transaction, and repeats it if the connection is lost; the change must be idempotent.
    /// </summary>
    /// <exception cref="JournalException">The database refuses, or the outage exceeded the patience.</exception>
    public Task<T> ChangeAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> change, CancellationToken cancellationToken) =>
        TryAsync(
            async (connection, token) =>
            {
                await using var transaction = await connection.BeginTransactionAsync(token);
                await connection.ExecuteAsync(
                    "SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'",
                    token
                );
                var result = await change(connection, token);
                await transaction.CommitAsync(token);
                return result;
            },
            cancellationToken
        );

    public ValueTask DisposeAsync() => Pool.DisposeAsync();

    private async Task<T> TryAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var backOff = BackOff();
        while (true)
        {
            try
            {
                var result = await LeavableAsync(OnceAsync(work, backOff, cancellationToken), cancellationToken);
                backOff.Reached();
                return result;
            }
            catch (DbException e) when (PostgresFaults.IsCollision(e))
            {
                // rolled back by the server in favour of another transaction: retried at once
            }
            catch (DbException e) when (PostgresFaults.IsLoss(e))
            {
                if (!await backOff.WaitAsync(e, cancellationToken))
                    throw backOff.GivenUp(e);
            }
            catch (DbException e)
            {
                backOff.Reached();
                throw PostgresFaults.Of(e, Place);
            }
        }
    }

    // The driver sends a cancellation to the server, and waits for a server that does not answer. The caller does not
    // wait: the work ends by itself.
    private static async Task<T> LeavableAsync<T>(Task<T> work, CancellationToken cancellationToken)
    {
        try
        {
            return await work.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _ = work.ContinueWith(left => left.Exception, TaskScheduler.Default); // observes the exception
            throw;
        }
    }

    private static async Task<T> OnceAsync<T>(
        Func<NpgsqlConnection, CancellationToken, Task<T>> work,
        BackOff backOff,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await backOff.OpenAsync(cancellationToken);
        try
        {
            return await work(connection, cancellationToken);
        }
        catch (InvalidOperationException e) when (connection.State != ConnectionState.Open)
        {
            throw PostgresFaults.Lost(e); // the driver noticed between two statements
        }
        catch (AlreadyOwnedException)
        {
            backOff.Reached(); // the server has answered
            throw;
        }
    }

    // Fills in settings that were not given: the application's name, and the limits of connections and prepared
    // statements.
    private static string Complete(string text, bool readOnly)
    {
        var given = new DbConnectionStringBuilder { ConnectionString = text };
        var connection = new NpgsqlConnectionStringBuilder(text) { Enlist = false, Multiplexing = false };
        if (!given.ContainsKey("Application Name"))
            connection.ApplicationName = "aime";
        if (!given.ContainsKey("Maximum Pool Size"))
            connection.MaxPoolSize = 12;
        if (!given.ContainsKey("Max Auto Prepare"))
            connection.MaxAutoPrepare = 16;
        if (readOnly)
            connection.Options = $"{connection.Options} -c default_transaction_read_only=on".Trim();
        return connection.ConnectionString;
    }
}

/// <summary>Shorthands for the driver's calls.</summary>
internal static class Sql
{
    /// <summary>Runs a statement with parameters $1, $2, ..., and returns the number of changed rows.</summary>
    public static async Task<int> ExecuteAsync(
        this NpgsqlConnection connection,
        string sql,
        CancellationToken cancellationToken,
        params object[] values
    )
    {
        await using var command = Command(connection, sql, values);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The rows of a query, each converted as it is read.</summary>
    public static async Task<List<T>> QueryAsync<T>(
        this NpgsqlConnection connection,
        string sql,
        Func<NpgsqlDataReader, T> row,
        CancellationToken cancellationToken,
        params object[] values
    )
    {
        await using var command = Command(connection, sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(row(reader));
        return rows;
    }

    /// <summary>The first number of a query; 0 if it is NULL or there is no row.</summary>
    public static async Task<long> NumberAsync(
        this NpgsqlConnection connection,
        string sql,
        CancellationToken cancellationToken,
        params object[] values
    )
    {
        await using var command = Command(connection, sql, values);
        return await command.ExecuteScalarAsync(cancellationToken) switch
        {
            long number => number,
            int number => number,
            _ => 0,
        };
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }
}
