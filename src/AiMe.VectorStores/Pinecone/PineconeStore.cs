using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AiMe.Faculties;

namespace AiMe.VectorStores.Pinecone;

/// <summary>Memories as records of one Pinecone index, by its data plane's HTTP API of version 2025-10. Each run is a namespace.</summary>
/// <remarks>
/// <para>Pinecone is eventually consistent: what is written is durable, and a search or a listing may see it some seconds later. So a
/// memory that <see cref="ListAsync"/> does not show yet may be written again, which changes nothing.</para>
/// <para>A record's id is <c>instance#key</c>, so that the records of an instance can be listed by their prefix. A search gives at most
/// 10,000 memories. A vector of zeros, which Pinecone refuses, is written as the first axis.</para>
/// </remarks>
public sealed class PineconeStore : IVectorStore
{
    // Pinecone's limits: 1,000 records and 2 MB a request, 10,000 matches a query.
    private const int BatchRecords = 1000,
        BatchBytes = 1_900_000,
        MostMatches = 10_000,
        PageRecords = 100;

    private readonly PineconeOptions _options;
    private readonly HttpClient _client;
    private readonly StoreFailures _failures;
    private readonly StoreHttp _http;

    /// <param name="client">Best one that follows no redirections, which would take the key along. It is disposed with the store.</param>
    public PineconeStore(PineconeOptions options, HttpClient client)
    {
        (_options, _client) = (options, client);
        _failures = new StoreFailures(Name, options.ApiKey);
        _http = new StoreHttp(
            client,
            options.Host,
            [new("Api-Key", options.ApiKey), new("X-Pinecone-Api-Version", "2025-10")],
            options.Timeout,
            _failures,
            body => JsonSerializer.Deserialize(body, PineconeJson.Default.PineconeStatus)?.Message
        );
    }

    /// <inheritdoc />
    public string Name => _options.ToString();

    /// <inheritdoc />
    public bool IsExact => false;

    /// <inheritdoc />
    public async Task PrepareAsync(int dimensions, CancellationToken cancellationToken)
    {
        if (RefusalOf(await StatsAsync(cancellationToken), dimensions) is { } refusal)
            throw refusal;
    }

    /// <inheritdoc />
    public async Task UpsertAsync(IReadOnlyList<StoredMemory> memories, CancellationToken cancellationToken)
    {
        foreach (var run in memories.GroupBy(memory => memory.Owner.Run))
        foreach (var batch in StoreBatches.Of(run.Select(PineconeRecord.Of), BatchRecords, BatchBytes, record => record.Bytes))
        {
            var answer = (
                await PostAsync(
                    "vectors/upsert",
                    new PineconeUpsert([.. batch.Select(record => record.Json)], NamespaceOf(run.Key)),
                    PineconeJson.Default.PineconeUpsert,
                    PineconeJson.Default.PineconeUpserted,
                    cancellationToken
                )
            )!;
            if (answer.UpsertedCount is { } count && count != batch.Count)
                throw _failures.Refusal($"it wrote {count} of {batch.Count} records", "Look at the index in its console");
        }
    }

    /// <inheritdoc />
    public async Task<ImmutableArray<MemoryId>> NearestAsync(
        InstanceKey instance,
        Embedding query,
        int count,
        CancellationToken cancellationToken
    )
    {
        var answer = await PostAsync(
            "query",
            new PineconeQuery(
                NamespaceOf(instance.Run),
                Math.Min(count, MostMatches),
                VectorFloats.Directed(query),
                PineconeFilter.Of(instance) with
                {
                    Recallable = new PineconeIs<bool>(true),
                },
                IncludeMetadata: true
            ),
            PineconeJson.Default.PineconeQuery,
            PineconeJson.Default.PineconeMatches,
            cancellationToken
        );
        return [.. (answer?.Matches ?? []).Select(match => MemoryOf(match).Id)];
    }

    /// <inheritdoc />
    public async Task<IReadOnlyDictionary<MemoryId, string>> ListAsync(InstanceKey instance, CancellationToken cancellationToken)
    {
        Dictionary<MemoryId, string> digests = [];
        for (string? next = null; ; )
        {
            var page = await PostAsync(
                "vectors/fetch_by_metadata",
                new PineconeFetch(NamespaceOf(instance.Run), PineconeFilter.Of(instance), PageRecords, next),
                PineconeJson.Default.PineconeFetch,
                PineconeJson.Default.PineconePage,
                cancellationToken
            );
            foreach (var (id, found) in page?.Vectors ?? [])
            {
                var (memory, digest) = MemoryOf(found with { Id = id });
                digests[memory] = digest;
            }

            if (string.IsNullOrEmpty(page?.Pagination?.Next))
                return digests;
            if (page.Pagination.Next == next)
                throw _failures.Refusal("its listing does not end: the same page follows again", "Look at the index in its console");
            next = page.Pagination.Next;
        }
    }

    /// <inheritdoc />
    public Task DeleteAsync(InstanceKey instance, CancellationToken cancellationToken) =>
        DeleteAsync(instance.Run, PineconeFilter.Of(instance), cancellationToken);

    /// <inheritdoc />
    /// <remarks>All records of the index count, since its statistics know no filter.</remarks>
    public async Task<StoreDescription> DescribeAsync(int? dimensions, CancellationToken cancellationToken)
    {
        var index = await StatsAsync(cancellationToken);
        return new StoreDescription(
            Server: null,
            "index",
            _options.Host.Host,
            Exists: true,
            index.Dimension,
            index.Metric,
            index.TotalVectorCount ?? 0,
            RefusalOf(index, dimensions)
        );
    }

    /// <inheritdoc />
    public async Task<long> CountAsync(string run, CancellationToken cancellationToken) =>
        (await StatsAsync(cancellationToken)).Namespaces?.GetValueOrDefault(NamespaceOf(run))?.VectorCount ?? 0;

    /// <inheritdoc />
    public Task DeleteRunAsync(string run, CancellationToken cancellationToken) =>
        DeleteAsync(run, PineconeFilter.Of(run), cancellationToken);

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<PineconeStats> StatsAsync(CancellationToken cancellationToken) =>
        (
            await PostAsync(
                "describe_index_stats",
                new PineconeAsksStats(),
                PineconeJson.Default.PineconeAsksStats,
                PineconeJson.Default.PineconeStats,
                cancellationToken
            )
        )!;

    private VectorStoreException? RefusalOf(PineconeStats index, int? dimensions) =>
        index.Dimension is not { } has
            ? _failures.Refusal("its index has no dense vectors", "Create a dense index by cosine, and give its host")
        : dimensions is { } wanted && has != wanted ? _failures.OtherDimensions("index", _options.Host.Host, has, wanted)
        : index.Metric is { } metric && metric != "cosine"
            ? _failures.Refusal(
                $"its index compares vectors by {metric}, and cosine is needed",
                "Create an index by cosine, and give its host"
            )
        : null;

    private Task DeleteAsync(string run, PineconeFilter filter, CancellationToken cancellationToken) =>
        PostAsync(
            "vectors/delete",
            new PineconeDelete(NamespaceOf(run), filter),
            PineconeJson.Default.PineconeDelete,
            PineconeJson.Default.PineconeDeleted,
            cancellationToken
        );

    private static string NamespaceOf(string run) => Uri.EscapeDataString(run);

    private (MemoryId Id, string Digest) MemoryOf(PineconeFound found) =>
        found.Metadata is { Memory: { } memory, Digest: { } digest }
            ? (new MemoryId(memory), digest)
            : throw _failures.Refusal(
                $"record {found.Id} has not the metadata that AiMe writes",
                "Remove the record, or give the host of another index"
            );

    // A namespace comes to be with its first record; until then there is nothing in it.
    private static bool IsMissingNamespace(HttpStatusCode status, byte[] body)
    {
        const int notFound = 5; // google.rpc.Code
        try
        {
            return status == HttpStatusCode.NotFound
                && JsonSerializer.Deserialize(body, PineconeJson.Default.PineconeStatus) is { Code: notFound };
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private Task<TAnswer?> PostAsync<TRequest, TAnswer>(
        string path,
        TRequest request,
        JsonTypeInfo<TRequest> requestType,
        JsonTypeInfo<TAnswer> answerType,
        CancellationToken cancellationToken
    )
        where TAnswer : class =>
        _http.SendAsync(
            HttpMethod.Post,
            path,
            request,
            requestType,
            answerType,
            cancellationToken,
            isNothing: path is "describe_index_stats" or "vectors/upsert" ? null : IsMissingNamespace
        );
}
