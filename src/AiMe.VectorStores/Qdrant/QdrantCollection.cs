using Grpc.Core;
using Qdrant.Client;
using Qdrant.Client.Grpc;

namespace AiMe.VectorStores.Qdrant;

/// <summary>Creates the collection and its payload indexes, or checks the one that is there.</summary>
internal sealed class QdrantCollection(QdrantClient client, string collection, QdrantCalls calls)
{
    /// <exception cref="VectorStoreException">The collection holds other vectors.</exception>
    public async Task PrepareAsync(int dimensions, CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(cancellationToken))
            await CreateAsync(dimensions, cancellationToken);
        var info = await InfoAsync(cancellationToken);
        if (RefusalOf(VectorsOf(info), dimensions) is { } refusal)
            throw refusal;
        foreach (var (name, type) in QdrantPayload.Indexed)
        {
            if (!info.PayloadSchema.ContainsKey(name))
                await calls.CallAsync(
                    token => client.CreatePayloadIndexAsync(collection, name, type, wait: true, cancellationToken: token),
                    cancellationToken
                );
        }
    }

    /// <summary>Whether it is there.</summary>
    public Task<bool> ExistsAsync(CancellationToken cancellationToken) =>
        calls.CallAsync(token => client.CollectionExistsAsync(collection, token), cancellationToken);

    /// <summary>What there is, without the number of memories.</summary>
    /// <param name="server">The server's version.</param>
    public async Task<StoreDescription> DescribeAsync(string server, int? dimensions, CancellationToken cancellationToken)
    {
        StoreDescription description = new(server, "collection", collection, false, null, null, 0, null);
        if (!await ExistsAsync(cancellationToken))
            return description;
        var vectors = VectorsOf(await InfoAsync(cancellationToken));
        return description with
        {
            Exists = true,
            Dimensions = (int?)vectors?.Size,
            Metric = vectors?.Distance.ToString(),
            Refusal = RefusalOf(vectors, dimensions),
        };
    }

    private Task<CollectionInfo> InfoAsync(CancellationToken cancellationToken) =>
        calls.CallAsync(token => client.GetCollectionInfoAsync(collection, token), cancellationToken);

    private static VectorParams? VectorsOf(CollectionInfo info) => info.Config?.Params?.VectorsConfig?.Params;

    private async Task CreateAsync(int dimensions, CancellationToken cancellationToken)
    {
        try
        {
            await calls.CallAsync(
                token =>
                    client.CreateCollectionAsync(
                        collection,
                        new VectorParams { Size = (ulong)dimensions, Distance = Distance.Cosine },
                        cancellationToken: token
                    ),
                cancellationToken
            );
        }
        catch (VectorStoreException e)
            when (e.InnerException is RpcException { StatusCode: StatusCode.AlreadyExists or StatusCode.InvalidArgument })
        {
            // Another process was first; what it created is checked next, and if there is none, its absence is the error.
        }
    }

    private VectorStoreException? RefusalOf(VectorParams? vectors, int? dimensions) =>
        vectors is null
            ? calls.Failures.Refusal(
                $"collection {collection} has named vectors, and one without a name is needed",
                "Give the name of another collection"
            )
        : dimensions is { } wanted && vectors.Size != (ulong)wanted
            ? calls.Failures.OtherDimensions("collection", collection, (long)vectors.Size, wanted)
        : vectors.Distance != Distance.Cosine
            ? calls.Failures.Refusal(
                $"collection {collection} compares vectors by {vectors.Distance}, and cosine is needed",
                "Give the name of another collection"
            )
        : null;
}
