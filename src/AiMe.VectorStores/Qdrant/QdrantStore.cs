using System.Collections.Immutable;
using AiMe.Faculties;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Qdrant.Client;
using Qdrant.Client.Grpc;

namespace AiMe.VectorStores.Qdrant;

/// <summary>Memories as points of one Qdrant collection, over gRPC. A point's id is <see cref="StoredMemory.Key"/>.</summary>
/// <remarks>A write waits until it is applied, so that a search sees it. Qdrant keeps vectors for cosine at length 1.
/// A search gives at most 10,000 memories.</remarks>
public sealed class QdrantStore : IVectorStore
{
    // An answer of gRPC may have 4 MB by default.
    private const int BatchPoints = 1000,
        BatchBytes = 3_500_000,
        MostResults = 10_000,
        PagePoints = 1000;

    private readonly QdrantOptions _options;
    private readonly GrpcChannel _channel;
    private readonly QdrantClient _client;
    private readonly QdrantCalls _calls;
    private readonly QdrantCollection _collection;

    /// <summary>Connects at the first call.</summary>
    public QdrantStore(QdrantOptions options)
    {
        _options = options;
        // The client's own channel leaves its connections open when it is disposed.
        _channel = GrpcChannel.ForAddress(options.Address);
        _client = new QdrantClient(new QdrantGrpcClient(WithKey(_channel, options.ApiKey)), options.Timeout);
        _calls = new QdrantCalls(new StoreFailures(Name, options.ApiKey), options.Timeout);
        _collection = new QdrantCollection(_client, options.Collection, _calls);
    }

    /// <inheritdoc />
    public string Name => _options.ToString();

    /// <inheritdoc />
    public bool IsExact => _options.Exact;

    /// <inheritdoc />
    public Task PrepareAsync(int dimensions, CancellationToken cancellationToken) =>
        _collection.PrepareAsync(dimensions, cancellationToken);

    /// <inheritdoc />
    public async Task UpsertAsync(IReadOnlyList<StoredMemory> memories, CancellationToken cancellationToken)
    {
        foreach (
            var batch in StoreBatches.Of(memories.Select(QdrantPayload.PointOf), BatchPoints, BatchBytes, point => point.CalculateSize())
        )
            await _calls.CallAsync(
                token => _client.UpsertAsync(_options.Collection, batch, wait: true, cancellationToken: token),
                cancellationToken
            );
    }

    /// <inheritdoc />
    public async Task<ImmutableArray<MemoryId>> NearestAsync(
        InstanceKey instance,
        Embedding query,
        int count,
        CancellationToken cancellationToken
    )
    {
        var filter = QdrantPayload.FilterOf(instance);
        filter.Must.Add(Conditions.Match("recallable", true));
        var found = await _calls.CallAsync(
            token =>
                _client.QueryAsync(
                    _options.Collection,
                    VectorFloats.Of(query),
                    filter: filter,
                    searchParams: new SearchParams { Exact = _options.Exact },
                    limit: (ulong)Math.Min(count, MostResults),
                    payloadSelector: QdrantPayload.Selected("memory"),
                    cancellationToken: token
                ),
            cancellationToken
        );
        return [.. found.Select(point => new MemoryId(_calls.TextOf(point.Payload, "memory")))];
    }

    /// <inheritdoc />
    public async Task<IReadOnlyDictionary<MemoryId, string>> ListAsync(InstanceKey instance, CancellationToken cancellationToken)
    {
        Dictionary<MemoryId, string> digests = [];
        for (PointId? next = null; ; )
        {
            var page = await _calls.CallAsync(
                token =>
                    _client.ScrollAsync(
                        _options.Collection,
                        QdrantPayload.FilterOf(instance),
                        PagePoints,
                        next,
                        QdrantPayload.Selected("memory", "digest"),
                        vectorsSelector: false,
                        cancellationToken: token
                    ),
                cancellationToken
            );
            foreach (var point in page.Result)
                digests[new MemoryId(_calls.TextOf(point.Payload, "memory"))] = _calls.TextOf(point.Payload, "digest");
            next = page.NextPageOffset;
            if (next is null)
                return digests;
        }
    }

    /// <inheritdoc />
    public Task DeleteAsync(InstanceKey instance, CancellationToken cancellationToken) =>
        DeleteAsync(QdrantPayload.FilterOf(instance), cancellationToken);

    /// <inheritdoc />
    public async Task<StoreDescription> DescribeAsync(int? dimensions, CancellationToken cancellationToken)
    {
        var server = await _calls.CallAsync(token => _client.HealthAsync(token), cancellationToken);
        var description = await _collection.DescribeAsync($"Qdrant {server.Version}", dimensions, cancellationToken);
        return description.Exists ? description with { Memories = await CountAsync(QdrantPayload.Own, cancellationToken) } : description;
    }

    /// <inheritdoc />
    public async Task<long> CountAsync(string run, CancellationToken cancellationToken) =>
        await _collection.ExistsAsync(cancellationToken) ? await CountAsync(QdrantPayload.FilterOf(run), cancellationToken) : 0;

    /// <inheritdoc />
    public async Task DeleteRunAsync(string run, CancellationToken cancellationToken)
    {
        if (await _collection.ExistsAsync(cancellationToken))
            await DeleteAsync(QdrantPayload.FilterOf(run), cancellationToken);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        _channel.Dispose();
        return ValueTask.CompletedTask;
    }

    private static CallInvoker WithKey(GrpcChannel channel, string? key) =>
        key is null
            ? channel.CreateCallInvoker()
            : channel.Intercept(metadata =>
            {
                metadata.Add("api-key", key);
                return metadata;
            });

    private Task DeleteAsync(Filter filter, CancellationToken cancellationToken) =>
        _calls.CallAsync(
            token => _client.DeleteAsync(_options.Collection, filter, wait: true, cancellationToken: token),
            cancellationToken
        );

    private async Task<long> CountAsync(Filter filter, CancellationToken cancellationToken) =>
        (long)
            await _calls.CallAsync(
                token => _client.CountAsync(_options.Collection, filter, exact: true, cancellationToken: token),
                cancellationToken
            );
}
