using AiMe.Journal.Postgres;
using AiMe.Tests.Postgres;

namespace AiMe.Journal.Tests.Postgres;

/// <summary>A database of a test class, in the one server of the assembly. Each test has a schema of its own in it.</summary>
public sealed class Database : IAsyncLifetime
{
    private TestServer? _server;
    private string? _connection;
    private int _schemas;

    public async Task InitializeAsync()
    {
        _server = await TestServer.SharedAsync();
        _connection = _server is null ? null : await _server.NewDatabaseAsync();
    }

    public Task DisposeAsync() => _server is null ? Task.CompletedTask : _server.DropAsync(_connection!);

    /// <summary>The address of an empty schema. Skips the test where there is no server.</summary>
    public async Task<PostgresAddress> NewSchemaAsync(string? blobs = null)
    {
        Skip.If(_connection is null, TestServer.Missing);
        var schema = $"s{Interlocked.Increment(ref _schemas)}";
        await TestServer.ExecuteAsync(_connection, $"CREATE SCHEMA {schema}");
        return (PostgresAddress)StoreAddress.Parse($"{_connection};Search Path={schema}", blobs ?? Path.GetTempPath());
    }

    public async Task<PostgresJournal> NewJournalAsync() =>
        await PostgresJournal.OpenAsync(await NewSchemaAsync(), new FakeClock(), PostgresSettings.Default, CancellationToken.None);
}
