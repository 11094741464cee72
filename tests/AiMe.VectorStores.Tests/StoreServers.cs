using AiMe.VectorStores.Tests.Pgvector;
using AiMe.VectorStores.Tests.Stubs;

namespace AiMe.VectorStores.Tests;

/// <summary>A server of each kind of store, by name.</summary>
internal static class StoreServers
{
    private static readonly OrderedDictionary<string, Func<Task<StoreServer>>> s_started = new()
    {
        ["memory"] = () => Task.FromResult<StoreServer>(new MemoryServer()),
        ["qdrant"] = async () => await StartedAsync(new QdrantStub(), stub => stub.StartAsync()),
        ["pinecone"] = async () => await StartedAsync(new PineconeStub(), stub => stub.StartAsync()),
        ["weaviate"] = async () => await StartedAsync(new WeaviateStub(), stub => stub.StartAsync()),
        ["pgvector"] = async () => await PgvectorServer.StartAsync(),
    };

    /// <summary>The names.</summary>
    public static IEnumerable<string> Names => s_started.Keys;

    /// <summary>Starts a server of its own for the caller; skips the test if that needs a program that is missing.</summary>
    public static Task<StoreServer> StartAsync(string name) => s_started[name]();

    private static async Task<T> StartedAsync<T>(T stub, Func<T, Task> start)
    {
        await start(stub);
        return stub;
    }
}
