using AiMe.Tests.Postgres;
using AiMe.VectorStores.Pgvector;
using Npgsql;

namespace AiMe.VectorStores.Tests.Pgvector;

/// <summary>A database of its own on a PostgreSQL server with pgvector.</summary>
internal sealed class PgvectorServer : StoreServer
{
    private readonly TestServer _server;
    private readonly NpgsqlConnectionStringBuilder _database;

    private PgvectorServer(TestServer server, string database) => (_server, _database) = (server, new(database));

    public override bool CanFail => false;

    public string Connection => _database.ConnectionString;

    public NpgsqlConnectionStringBuilder Address => _database;

    /// <summary>Skips the test where there is no such server.</summary>
    public static async Task<PgvectorServer> StartAsync()
    {
        var server = await TestServer.SharedAsync();
        Skip.If(server is null, TestServer.Missing);
        return await OnAsync(server!);
    }

    public static async Task<PgvectorServer> OnAsync(TestServer server)
    {
        await using NpgsqlConnection asked = new(server.Connection);
        await asked.OpenAsync();
        await using NpgsqlCommand ask = new("SELECT count(*) FROM pg_available_extensions WHERE name = 'vector'", asked);
        Skip.If(
            await ask.ExecuteScalarAsync() is 0L,
            "the PostgreSQL server has no extension vector (postgresql-*-pgvector, or pgvector's source)"
        );
        return new PgvectorServer(server, await server.NewDatabaseAsync());
    }

    public override IVectorStore Connect(string place, TimeSpan timeout, int? port = null) =>
        Connect(OptionsOf(place, timeout) with { Port = port ?? _database.Port });

    public PgvectorStore Connect(PgvectorOptions options) => new(options);

    public PgvectorOptions OptionsOf(string place, TimeSpan timeout) =>
        new(
            _database.Host!,
            _database.Port,
            _database.Database!,
            _database.Username!,
            _database.Password ?? Key,
            place.ToLowerInvariant(),
            Hnsw: false,
            timeout
        );

    public async Task<List<string>> AskAsync(string sql)
    {
        await using NpgsqlConnection asked = new($"{Connection};Pooling=false");
        await asked.OpenAsync();
        await using NpgsqlCommand ask = new(sql, asked);
        await using var reader = await ask.ExecuteReaderAsync();
        List<string> rows = [];
        while (await reader.ReadAsync())
            rows.Add(string.Join(' ', Enumerable.Range(0, reader.FieldCount).Select(i => $"{reader.GetValue(i)}")));
        return rows;
    }

    public override async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await _server.DropAsync(Connection);
    }
}
