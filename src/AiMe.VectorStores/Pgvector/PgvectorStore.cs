using System.Collections.Immutable;
using System.Globalization;
using AiMe.Faculties;
using Npgsql;

namespace AiMe.VectorStores.Pgvector;

/// <summary>Memories as rows of one table of PostgreSQL with the extension vector.</summary>
public sealed class PgvectorStore : IVectorStore
{
    private const int BatchRows = 500,
        MostOffered = 1000;

    private readonly PgvectorOptions _options;
    private readonly NpgsqlDataSource _source;
    private readonly PgvectorCalls _calls;

    /// <summary>Connects at the first call.</summary>
    public PgvectorStore(PgvectorOptions options)
    {
        _options = options;
        var seconds = Math.Max(1, (int)Math.Ceiling(options.Timeout.TotalSeconds));
        NpgsqlDataSourceBuilder builder = new()
        {
            ConnectionStringBuilder =
            {
                Host = options.Host,
                Port = options.Port,
                Database = options.Database,
                Username = options.User,
                Password = options.Password,
                Timeout = seconds,
                CommandTimeout = seconds,
                ApplicationName = "aime",
            },
        };
        builder.UseVector();
        _source = builder.Build();
        _calls = new PgvectorCalls(_source, new StoreFailures(Name, options.Password), options.Timeout);
    }

    /// <inheritdoc />
    public string Name => _options.ToString();

    /// <inheritdoc />
    public bool IsExact => !_options.Hnsw;

    /// <inheritdoc />
    public Task PrepareAsync(int dimensions, CancellationToken cancellationToken) =>
        _calls.InTransactionAsync(
            async (connection, token) =>
            {
                await PgvectorCalls.ExecuteAsync(connection, PgvectorTable.Lock, token);
                await PgvectorCalls.ExecuteAsync(connection, PgvectorTable.Extension, token);
                // IF NOT EXISTS is refused to a role that may not make what is there already.
                if (await PgvectorCalls.AskAsync(connection, PgvectorTable.DimensionsOf, _options.Table, token) is not int has)
                    await PgvectorCalls.ExecuteAsync(connection, PgvectorTable.Create(_options.Table, dimensions), token);
                else if (has != dimensions)
                    throw _calls.Failures.OtherDimensions("table", _options.Table, has, dimensions);
                if (_options.Hnsw && await PgvectorCalls.AskAsync(connection, PgvectorTable.HasIndex, _options.Table, token) is not true)
                    await PgvectorCalls.ExecuteAsync(connection, PgvectorTable.Index(_options.Table), token);
                return true;
            },
            reload: true,
            cancellationToken
        );

    /// <inheritdoc />
    public async Task UpsertAsync(IReadOnlyList<StoredMemory> memories, CancellationToken cancellationToken)
    {
        foreach (var part in memories.Chunk(BatchRows))
            await _calls.InTransactionAsync(
                async (connection, token) =>
                {
                    await using NpgsqlBatch batch = new(connection);
                    foreach (var memory in part)
                    {
                        NpgsqlBatchCommand row = new(PgvectorTable.Upsert(_options.Table));
                        foreach (var value in PgvectorTable.ValuesOf(memory))
                            row.Parameters.Add(value);
                        batch.BatchCommands.Add(row);
                    }

                    return await batch.ExecuteNonQueryAsync(token);
                },
                reload: false,
                cancellationToken
            );
    }

    /// <inheritdoc />
    public Task<ImmutableArray<MemoryId>> NearestAsync(
        InstanceKey instance,
        Embedding query,
        int count,
        CancellationToken cancellationToken
    ) =>
        _calls.InTransactionAsync(
            async (connection, token) =>
            {
                if (_options.Hnsw)
                    await PgvectorCalls.ExecuteAsync(connection, OffersAtLeast(count), token);
                await using NpgsqlCommand ask = new(
                    _options.Hnsw ? PgvectorTable.NearestByIndex(_options.Table) : PgvectorTable.NearestExactly(_options.Table),
                    connection
                );
                AddOwner(ask, instance);
                ask.Parameters.Add(new() { Value = new global::Pgvector.Vector(VectorFloats.Of(query)) });
                ask.Parameters.Add(new() { Value = count });
                await using var reader = await ask.ExecuteReaderAsync(token);
                var found = ImmutableArray.CreateBuilder<MemoryId>();
                while (await reader.ReadAsync(token))
                    found.Add(new MemoryId(reader.GetString(0)));
                return found.ToImmutable();
            },
            reload: false,
            cancellationToken
        );

    /// <inheritdoc />
    public Task<IReadOnlyDictionary<MemoryId, string>> ListAsync(InstanceKey instance, CancellationToken cancellationToken) =>
        _calls.InTransactionAsync(
            async (connection, token) =>
            {
                await using NpgsqlCommand ask = new(PgvectorTable.List(_options.Table), connection);
                AddOwner(ask, instance);
                await using var reader = await ask.ExecuteReaderAsync(token);
                Dictionary<MemoryId, string> digests = [];
                while (await reader.ReadAsync(token))
                    digests[new MemoryId(reader.GetString(0))] = reader.GetString(1);
                return (IReadOnlyDictionary<MemoryId, string>)digests;
            },
            reload: false,
            cancellationToken
        );

    /// <inheritdoc />
    public Task DeleteAsync(InstanceKey instance, CancellationToken cancellationToken) =>
        _calls.InTransactionAsync(
            async (connection, token) =>
            {
                await using NpgsqlCommand delete = new(PgvectorTable.Delete(_options.Table), connection);
                AddOwner(delete, instance);
                return await delete.ExecuteNonQueryAsync(token);
            },
            reload: false,
            cancellationToken
        );

    /// <inheritdoc />
    public Task<StoreDescription> DescribeAsync(int? dimensions, CancellationToken cancellationToken) =>
        new PgvectorSurvey(_calls, _options).DescribeAsync(dimensions, cancellationToken);

    /// <inheritdoc />
    public Task<long> CountAsync(string run, CancellationToken cancellationToken) =>
        _calls.InTransactionAsync(
            async (connection, token) =>
                await PgvectorCalls.AskAsync(connection, PgvectorTable.Exists, _options.Table, token) is true
                    ? (long)(await PgvectorCalls.AskAsync(connection, PgvectorTable.CountRun(_options.Table), run, token))!
                    : 0,
            reload: false,
            cancellationToken
        );

    /// <inheritdoc />
    public Task DeleteRunAsync(string run, CancellationToken cancellationToken) =>
        _calls.InTransactionAsync(
            async (connection, token) =>
                await PgvectorCalls.AskAsync(connection, PgvectorTable.Exists, _options.Table, token) is true
                    ? await PgvectorCalls.AskAsync(connection, PgvectorTable.DeleteRun(_options.Table), run, token)
                    : null,
            reload: false,
            cancellationToken
        );

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _source.DisposeAsync();

    // The filter on the instance comes after the index, which therefore goes on until it has enough.
    private static string OffersAtLeast(int count) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"SET LOCAL hnsw.ef_search = {Math.Clamp(2 * count, 40, MostOffered)}; SET LOCAL hnsw.iterative_scan = strict_order"
        );

    private static void AddOwner(NpgsqlCommand command, InstanceKey instance)
    {
        command.Parameters.Add(new() { Value = instance.Run });
        command.Parameters.Add(new() { Value = instance.Instance });
    }
}
