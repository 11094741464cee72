using System.Data;
using System.Data.Common;
using Npgsql;

namespace AiMe.Journal.Postgres;

/// <summary>
/// A database's connections: opened on demand, waited for where the server is away, and made anew where one is lost.
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

    /// <summary>What is known of a server that is away.</summary>
    public Outage Outage { get; }

    /// <summary>When an append is on the disk.</summary>
    public Synchronous Synchronous => _settings.Synchronous;

    /// <summary>Of how many streams a writer remembers where they end.</summary>
    public int Remembered => _settings.Remembered;

    /// <summary>Confirms that this process still owns what it writes, if that was not done for a while.</summary>
    /// <exception cref="JournalException">
    /// Another process has taken over, or the server stayed away for too long.
    /// </exception>
    public Func<CancellationToken, Task> ConfirmAsync { get; set; } = _ => Task.CompletedTask;

    /// <summary>How long after the server has come back an owner on another host is not thought gone.</summary>
    public TimeSpan Grace => _settings.Grace;

    /// <summary>The attempts of one operation.</summary>
    public BackOff BackOff() => new(this, _settings, _clock);

    /// <summary>
    /// Reads over a connection, and where it is lost again over another. Whoever pages asks page by page, so that what
    /// was read stays read.
    /// </summary>
    /// <exception cref="JournalException">The database refuses, or stayed away for too long.</exception>
    public Task<T> ReadAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> read, CancellationToken cancellationToken) =>
        TryAsync(read, cancellationToken);

    /// <summary>
    /// Changes in one transaction of its own. Where the connection is lost it is done again, so doing it twice must be
    /// doing it once.
    /// </summary>
    /// <exception cref="JournalException">The database refuses, or stayed away for too long.</exception>
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
                // Undone by the server so that another could go on: at once again.
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

    // A cancellation goes to the server, and one that says nothing would be waited for: the work then ends by itself.
    private static async Task<T> LeavableAsync<T>(Task<T> work, CancellationToken cancellationToken)
    {
        try
        {
            return await work.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _ = work.ContinueWith(left => left.Exception, TaskScheduler.Default); // nobody needs to hear how it ended
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
            throw PostgresFaults.Lost(e); // The driver noticed between two statements.
        }
        catch (AlreadyOwnedException)
        {
            backOff.Reached(); // It is the answer.
            throw;
        }
    }

    // What is not said is filled in: what the server shows of us, and how many connections at most.
    private static string Complete(string text, bool readOnly)
    {
        var said = new DbConnectionStringBuilder { ConnectionString = text };
        var connection = new NpgsqlConnectionStringBuilder(text) { Enlist = false, Multiplexing = false };
        if (!said.ContainsKey("Application Name"))
            connection.ApplicationName = "aime";
        if (!said.ContainsKey("Maximum Pool Size"))
            connection.MaxPoolSize = 12;
        if (!said.ContainsKey("Max Auto Prepare"))
            connection.MaxAutoPrepare = 16;
        if (readOnly)
            connection.Options = $"{connection.Options} -c default_transaction_read_only=on".Trim();
        return connection.ConnectionString;
    }
}

/// <summary>Short forms of the driver's calls.</summary>
internal static class Sql
{
    /// <summary>Runs a statement with parameters $1, $2, ... and gives the number of rows that it changed.</summary>
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

    /// <summary>The rows of a query, each as it is read.</summary>
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

    /// <summary>The first number of a query; 0 where it is NULL or there is no row.</summary>
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
