using System.Collections.Immutable;
using System.Text.Json;
using AiMe.Faculties;

namespace AiMe.VectorStores.Weaviate;

/// <summary>Memories as objects of one Weaviate collection, by its HTTP API. An object's id is <see cref="StoredMemory.Key"/>.</summary>
/// <remarks>
/// Weaviate's only HTTP search by a given vector is GraphQL. Weaviate deprecated it in October 2026: its cloud creates clusters without
/// it, and its operators can switch it off. A search gives at most 10,000 memories, which is the default of
/// <c>QUERY_MAXIMUM_RESULTS</c>. It sees what was written, unless the server indexes asynchronously.
/// </remarks>
public sealed class WeaviateStore : IVectorStore
{
    private const int BatchObjects = 500,
        BatchBytes = 4_000_000,
        MostResults = 10_000;

    private readonly WeaviateOptions _options;
    private readonly HttpClient _client;
    private readonly StoreFailures _failures;
    private readonly StoreHttp _http;
    private readonly WeaviateQueries _queries;
    private readonly WeaviateCollection _collection;

    /// <param name="client">Best one that follows no redirections. It is disposed with the store.</param>
    public WeaviateStore(WeaviateOptions options, HttpClient client)
    {
        (_options, _client) = (options, client);
        _failures = new StoreFailures(Name, options.ApiKey);
        _http = new StoreHttp(
            client,
            options.Address,
            options.ApiKey is { } key ? [new("Authorization", $"Bearer {key}")] : [],
            options.Timeout,
            _failures,
            body => JsonSerializer.Deserialize(body, WeaviateJson.Default.WeaviateErrors)?.Words
        );
        _queries = new WeaviateQueries(_http, _failures, options.Class);
        _collection = new WeaviateCollection(_http, _failures, options);
    }

    /// <inheritdoc />
    public string Name => _options.ToString();

    /// <inheritdoc />
    public bool IsExact => _options.Exact;

    /// <inheritdoc />
    public async Task PrepareAsync(int dimensions, CancellationToken cancellationToken)
    {
        await _collection.PrepareAsync(dimensions, cancellationToken);
        // A server without GraphQL is noticed now, and not at the first recall.
        await _queries.NearestAsync(new InstanceKey("none", "none"), Embedding.Undirected(dimensions), 1, cancellationToken);
    }

    /// <inheritdoc />
    public async Task UpsertAsync(IReadOnlyList<StoredMemory> memories, CancellationToken cancellationToken)
    {
        var objects = memories.Select(memory => WeaviateObject.Of(memory, _options.Class));
        foreach (var batch in StoreBatches.Of(objects, BatchObjects, BatchBytes, one => one.Bytes))
        {
            var answer = await _http.SendAsync(
                HttpMethod.Post,
                "v1/batch/objects",
                new WeaviateBatch([.. batch.Select(one => one.Json)]),
                WeaviateJson.Default.WeaviateBatch,
                WeaviateJson.Default.WeaviateBatchedArray,
                cancellationToken
            );
            Check(answer!, batch.Count);
        }
    }

    /// <inheritdoc />
    public Task<ImmutableArray<MemoryId>> NearestAsync(
        InstanceKey instance,
        Embedding query,
        int count,
        CancellationToken cancellationToken
    ) => _queries.NearestAsync(instance, query, Math.Min(count, MostResults), cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyDictionary<MemoryId, string>> ListAsync(InstanceKey instance, CancellationToken cancellationToken) =>
        _queries.ListAsync(instance, cancellationToken);

    /// <inheritdoc />
    public Task DeleteAsync(InstanceKey instance, CancellationToken cancellationToken) =>
        DeleteAsync(WeaviateWhere.Of(instance), $"{instance}", cancellationToken);

    /// <inheritdoc />
    public async Task<StoreDescription> DescribeAsync(int? dimensions, CancellationToken cancellationToken)
    {
        var (description, isOwn) = await _collection.DescribeAsync(dimensions, cancellationToken);
        if (!isOwn)
            return description;
        try
        {
            return description with { Memories = await _queries.CountAsync(run: null, cancellationToken) };
        }
        catch (VectorStoreException refusal) when (!refusal.IsTransient)
        {
            return description with { Refusal = description.Refusal ?? refusal }; // GraphQL is off, which searches need
        }
    }

    /// <inheritdoc />
    public async Task<long> CountAsync(string run, CancellationToken cancellationToken) =>
        await _collection.ExistsAsync(cancellationToken) ? await _queries.CountAsync(run, cancellationToken) : 0;

    /// <inheritdoc />
    public async Task DeleteRunAsync(string run, CancellationToken cancellationToken)
    {
        if (await _collection.ExistsAsync(cancellationToken))
            await DeleteAsync(WeaviateWhere.Of(run), run, cancellationToken);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task DeleteAsync(WeaviateWhere where, string whose, CancellationToken cancellationToken)
    {
        // One request deletes at most QUERY_MAXIMUM_RESULTS objects.
        for (var isDone = false; !isDone; )
        {
            var answer = await _http.SendAsync(
                HttpMethod.Delete,
                "v1/batch/objects",
                new WeaviateDelete(new WeaviateMatch(_options.Class, where)),
                WeaviateJson.Default.WeaviateDelete,
                WeaviateJson.Default.WeaviateDeleted,
                cancellationToken
            );
            var (matches, successful, failed) = (
                answer!.Results?.Matches ?? 0,
                answer.Results?.Successful ?? 0,
                answer.Results?.Failed ?? 0
            );
            isDone = matches <= successful && matches < (answer.Results?.Limit ?? double.PositiveInfinity);
            if (failed > 0 || !isDone && successful == 0)
                throw _failures.Refusal($"it deleted {successful} of {matches} objects of {whose}", "Look into its log");
        }
    }

    // The whole batch is answered with 200, whatever became of its objects.
    private void Check(WeaviateBatched[] answers, int count)
    {
        var failed = answers.Where(a => a.Result is { } r && (r.Status == "FAILED" || r.Errors?.Words is { Length: > 0 })).ToList();
        if (failed.Count > 0)
            throw _failures.Refusal(
                $"it refused {failed.Count} of {count} objects: {failed[0].Result!.Errors?.Words ?? "it does not say why"}",
                "Correct what it names, or give the name of another collection"
            );
        if (answers.Length != count)
            throw _failures.Refusal($"it answered for {answers.Length} of {count} objects", "Look into its log");
    }
}
