namespace AiMe.VectorStores.Tests;

public sealed class MemoryConformanceTests : VectorStoreConformance
{
    private protected override Task<StoreServer> StartAsync() => StoreServers.StartAsync("memory");
}

public sealed class QdrantConformanceTests : RemoteStoreConformance
{
    private protected override Task<StoreServer> StartAsync() => StoreServers.StartAsync("qdrant");
}

public sealed class PineconeConformanceTests : RemoteStoreConformance
{
    private protected override Task<StoreServer> StartAsync() => StoreServers.StartAsync("pinecone");
}

public sealed class WeaviateConformanceTests : RemoteStoreConformance
{
    private protected override Task<StoreServer> StartAsync() => StoreServers.StartAsync("weaviate");
}
