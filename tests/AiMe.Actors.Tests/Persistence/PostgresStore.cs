using AiMe.Journal;
using AiMe.Tests.Postgres;

namespace AiMe.Actors.Tests.Persistence;

/// <summary>A store of a test's own in a PostgreSQL database.</summary>
internal sealed class PostgresStore
{
    private string? _connection;

    /// <summary>Makes the database, if there is a server.</summary>
    public async Task CreateAsync()
    {
        if (await TestServer.SharedAsync() is { } server)
            _connection = await server.NewDatabaseAsync();
    }

    /// <summary>Its address; skips the test where there is no server.</summary>
    /// <param name="blobs">The directory for blobs.</param>
    public StoreAddress At(string blobs)
    {
        Skip.If(_connection is null, TestServer.Missing);
        return StoreAddress.Parse(_connection!, blobs);
    }

    public async Task DropAsync()
    {
        if (_connection is { } connection && await TestServer.SharedAsync() is { } server)
            await server.DropAsync(connection);
    }
}
