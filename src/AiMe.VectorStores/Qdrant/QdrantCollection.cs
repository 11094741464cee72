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
        if (!await calls.CallAsync(token => client.CollectionExistsAsync(collection, token), cancellationToken))
            await CreateAsync(dimensions, cancellationToken);
        var info = await calls.CallAsync(token => client.GetCollectionInfoAsync(collection, token), cancellationToken);
        Check(info.Config?.Params?.VectorsConfig?.Params, dimensions);
        foreach (var (name, type) in QdrantPayload.Indexed)
        {
            if (!info.PayloadSchema.ContainsKey(name))
                await calls.CallAsync(
                    token => client.CreatePayloadIndexAsync(collection, name, type, wait: true, cancellationToken: token),
                    cancellationToken
                );
        }
    }

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

    private void Check(VectorParams? vectors, int dimensions)
    {
        if (vectors is null)
            throw calls.Failures.Refusal(
                $"collection {collection} has named vectors, and one without a name is needed",
                "Give the name of another collection"
            );
        if (vectors.Size != (ulong)dimensions)
            throw calls.Failures.OtherDimensions("collection", collection, (long)vectors.Size, dimensions);
        if (vectors.Distance != Distance.Cosine)
            throw calls.Failures.Refusal(
                $"collection {collection} compares vectors by {vectors.Distance}, and cosine is needed",
                "Give the name of another collection"
            );
    }
}
