using AiMe.VectorStores.Tests.Stubs;

namespace AiMe.VectorStores.Tests;

public sealed class MemoryConformanceTests : VectorStoreConformance
{
    private protected override Task<StoreServer> StartAsync() => Task.FromResult<StoreServer>(new MemoryServer());
}

public sealed class QdrantConformanceTests : RemoteStoreConformance
{
    private protected override async Task<StoreServer> StartAsync()
    {
        QdrantStub stub = new();
        await stub.StartAsync();
        return stub;
    }
}

public sealed class PineconeConformanceTests : RemoteStoreConformance
{
    private protected override async Task<StoreServer> StartAsync()
    {
        PineconeStub stub = new();
        await stub.StartAsync();
        return stub;
    }
}

public sealed class WeaviateConformanceTests : RemoteStoreConformance
{
    private protected override async Task<StoreServer> StartAsync()
    {
        WeaviateStub stub = new();
        await stub.StartAsync();
        return stub;
    }
}
