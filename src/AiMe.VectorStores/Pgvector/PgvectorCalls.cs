using System.Net.Sockets;
using Npgsql;

namespace AiMe.VectorStores.Pgvector;

/// <summary>Calls of PostgreSQL, whose failures are those of a store.</summary>
internal sealed class PgvectorCalls(NpgsqlDataSource source, StoreFailures failures, TimeSpan timeout)
{
    public StoreFailures Failures => failures;

    /// <summary>Runs commands in one transaction.</summary>
    /// <param name="reload">Whether they may have made the type vector, which a connection knows from its beginning.</param>
    /// <exception cref="VectorStoreException">The server does not answer, or refuses.</exception>
    public async Task<T> InTransactionAsync<T>(
        Func<NpgsqlConnection, CancellationToken, Task<T>> run,
        bool reload,
        CancellationToken cancellationToken
    )
    {
        // Npgsql's own limits are of each command, and in seconds.
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        over.CancelAfter(timeout);
        try
        {
            await using var connection = await source.OpenConnectionAsync(over.Token);
            await using var transaction = await connection.BeginTransactionAsync(over.Token);
            var result = await run(connection, over.Token);
            await transaction.CommitAsync(over.Token);
            if (reload)
                await connection.ReloadTypesAsync(over.Token);
            return result;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw failures.Slow(timeout, e);
        }
        catch (PostgresException e)
        {
            throw Refused(e);
        }
        catch (NpgsqlException e) when (e.InnerException is TimeoutException)
        {
            throw failures.Slow(timeout, e);
        }
        catch (Exception e) when (e is NpgsqlException or SocketException or IOException or TimeoutException)
        {
            throw failures.Unreachable(e);
        }
    }

    /// <summary>The first value of the first row of an answer; null without a row.</summary>
    /// <param name="about">The value of <c>$1</c>.</param>
    public static async Task<object?> AskAsync(NpgsqlConnection connection, string sql, string about, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(sql, connection) { Parameters = { new() { Value = about } } };
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    /// <summary>Runs a command without parameters.</summary>
    public static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private VectorStoreException Refused(PostgresException e)
    {
        var words = $"it says {e.MessageText} ({e.SqlState})";
        return e.SqlState switch
        {
            // An operator stops it, or it restarts after a crash.
            PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow => failures.Passing(
                words,
                "Check that it runs",
                e
            ),
            PostgresErrorCodes.QueryCanceled => failures.Slow(timeout, e),
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => failures.Refusal(
                words,
                "Check the user, and the password in the variable that password-env names",
                e
            ),
            PostgresErrorCodes.InsufficientPrivilege => failures.Refusal(words, "Give the role the right, or create what is missing", e),
            PostgresErrorCodes.UndefinedFile => failures.Refusal(words, "Install pgvector on the server", e),
            PostgresErrorCodes.UndefinedColumn => failures.Refusal(words, "Give the name of a table that AiMe has made, or of none", e),
            _ when e.IsTransient => failures.Passing(words, "Check the server", e),
            _ => failures.Refusal(words, "Check the server and the table", e),
        };
    }
}
