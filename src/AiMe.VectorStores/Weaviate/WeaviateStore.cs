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
    private readonly StoreFailures _failures;
    private readonly StoreHttp _http;
    private readonly WeaviateQueries _queries;

    /// <param name="client">Best one that follows no redirections.</param>
    public WeaviateStore(WeaviateOptions options, HttpClient client)
    {
        _options = options;
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
    }

    /// <inheritdoc />
    public string Name => _options.ToString();

    /// <inheritdoc />
    public bool IsExact => _options.Exact;

    /// <inheritdoc />
    public async Task PrepareAsync(int dimensions, CancellationToken cancellationToken)
    {
        await new WeaviateCollection(_http, _failures, _options).PrepareAsync(dimensions, cancellationToken);
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
    public async Task DeleteAsync(InstanceKey instance, CancellationToken cancellationToken)
    {
        // One request deletes at most QUERY_MAXIMUM_RESULTS objects.
        for (var isDone = false; !isDone; )
        {
            var answer = await _http.SendAsync(
                HttpMethod.Delete,
                "v1/batch/objects",
                new WeaviateDelete(new WeaviateMatch(_options.Class, WeaviateWhere.Of(instance))),
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
                throw _failures.Refusal($"it deleted {successful} of {matches} objects of {instance}", "Look into its log");
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

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
