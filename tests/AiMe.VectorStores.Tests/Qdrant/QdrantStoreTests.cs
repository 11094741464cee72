using AiMe.VectorStores.Qdrant;
using AiMe.VectorStores.Tests.Stubs;
using Qdrant.Client.Grpc;

namespace AiMe.VectorStores.Tests.Qdrant;

public sealed class QdrantStoreTests
{
    [Fact]
    public async Task A_collection_of_another_distance_is_refused()
    {
        var failure = await PrepareAsync(
            new VectorsConfig
            {
                Params = new VectorParams { Size = 16, Distance = Distance.Euclid },
            }
        );
        failure.Message.ShouldContain("collection Memories compares vectors by Euclid, and cosine is needed");
    }

    [Fact]
    public async Task A_collection_with_named_vectors_is_refused()
    {
        var failure = await PrepareAsync(new VectorsConfig { ParamsMap = new VectorParamsMap() });
        failure.Message.ShouldContain("collection Memories has named vectors");
    }

    [Fact]
    public async Task Every_field_that_people_filter_by_is_indexed()
    {
        await using QdrantStub stub = new();
        await stub.StartAsync();
        await using var store = stub.Connect("Memories", TimeSpan.FromSeconds(30));
        await store.PrepareAsync(16, default);
        var info = stub.Service.Info(new GetCollectionInfoRequest { CollectionName = "Memories" }).Result;
        info.PayloadSchema.ToDictionary(p => p.Key, p => p.Value.DataType)
            .ShouldBe(QdrantPayload.Indexed.ToDictionary(i => i.Name, i => i.Type), ignoreOrder: true);
        info.Config.Params.VectorsConfig.Params.ShouldBe(new VectorParams { Size = 16, Distance = Distance.Cosine });
    }

    [Fact]
    public async Task Points_of_others_in_the_collection_are_not_counted_as_memories()
    {
        await using QdrantStub stub = new();
        await stub.StartAsync();
        await using var store = stub.Connect("Memories", TimeSpan.FromSeconds(30));
        await store.PrepareAsync(16, default);
        await store.UpsertAsync(Some.Memories(3), default);
        PointStruct other = new() { Id = Guid.Parse("00000000-0000-4000-8000-000000000001"), Vectors = new float[16] };
        other.Vectors.Vector.Dense = new DenseVector { Data = { new float[16] } };
        stub.Service.Upsert(new UpsertPoints { CollectionName = "Memories", Points = { other } });
        (await store.DescribeAsync(16, default)).Memories.ShouldBe(3);
        await store.DeleteRunAsync(Some.Instance.Run, default);
        stub.Service.Count(new CountPoints { CollectionName = "Memories", Filter = new Filter() }).Result.Count.ShouldBe(1ul);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_search_is_exact_if_the_options_say_so(bool exact)
    {
        await using QdrantStub stub = new() { Exact = exact };
        await stub.StartAsync();
        await using var store = stub.Connect("Memories", TimeSpan.FromSeconds(30));
        await store.PrepareAsync(16, default);
        await store.NearestAsync(Some.Instance, Some.Vector(16, "query"), 3, default);
        store.IsExact.ShouldBe(exact);
        stub.Service.AskedExactly.ShouldBe(exact);
    }

    [Fact]
    public async Task An_address_with_another_protocol_says_which_port_is_meant()
    {
        await using WeaviateStub http = new();
        await http.StartAsync();
        await using QdrantStub stub = new();
        await using var store = stub.Connect("Memories", TimeSpan.FromSeconds(30), http.Port);
        var failure = await Should.ThrowAsync<VectorStoreException>(store.PrepareAsync(16, default));
        failure.Message.ShouldContain("gRPC");
    }

    [Fact]
    public void Options_do_not_show_the_key() =>
        new QdrantOptions(new Uri("http://localhost:6334"), "aime", "qd-key", Exact: true, TimeSpan.FromSeconds(5))
            .ToString()
            .ShouldBe("qdrant at localhost:6334/aime");

    private static async Task<VectorStoreException> PrepareAsync(VectorsConfig vectors)
    {
        await using QdrantStub stub = new();
        await stub.StartAsync();
        stub.Service.Create(new CreateCollection { CollectionName = "Memories", VectorsConfig = vectors });
        await using var store = stub.Connect("Memories", TimeSpan.FromSeconds(30));
        var failure = await Should.ThrowAsync<VectorStoreException>(store.PrepareAsync(16, default));
        failure.IsTransient.ShouldBeFalse();
        var description = await store.DescribeAsync(16, default);
        description.Refusal.ShouldNotBeNull().Message.ShouldBe(failure.Message, "what a run is told, doctor says before");
        return failure;
    }
}
