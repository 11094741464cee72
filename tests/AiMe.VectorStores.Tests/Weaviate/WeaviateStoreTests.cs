using System.Text.Json.Nodes;
using AiMe.VectorStores.Tests.Stubs;
using AiMe.VectorStores.Weaviate;

namespace AiMe.VectorStores.Tests.Weaviate;

public sealed class WeaviateStoreTests
{
    private static readonly WeaviateOptions s_options = new(
        new Uri("http://user:password@localhost:8080"),
        "memories",
        "wv-key",
        Exact: true,
        TimeSpan.FromSeconds(5)
    );

    [Fact]
    public async Task A_batch_in_which_one_object_fails_is_refused_although_its_status_is_200()
    {
        await using WeaviateStub stub = new() { Disliked = "bad" };
        await stub.StartAsync();
        await using var store = stub.Connect("Memories", TimeSpan.FromSeconds(30));
        await store.PrepareAsync(16, default);
        var failure = await Should.ThrowAsync<VectorStoreException>(
            store.UpsertAsync([Some.Memory(1), Some.Memory(2) with { Text = "bad" }], default)
        );
        failure.IsTransient.ShouldBeFalse();
        failure.Message.ShouldContain("it refused 1 of 2 objects: the server's own words");
    }

    [Fact]
    public async Task A_server_without_GraphQl_is_refused_before_the_run()
    {
        await using WeaviateStub stub = new() { HasGraphQl = false };
        await stub.StartAsync();
        await using var store = stub.Connect("Memories", TimeSpan.FromSeconds(30));
        var failure = await Should.ThrowAsync<VectorStoreException>(store.PrepareAsync(16, default));
        failure.IsTransient.ShouldBeFalse();
        failure.Message.ShouldContain("graphql api is disabled. Correct what it names; if GraphQL is off, switch it on");
    }

    [Fact]
    public async Task A_server_without_GraphQl_is_described_as_one_that_no_run_can_use()
    {
        await using WeaviateStub stub = new() { HasGraphQl = false };
        await stub.StartAsync();
        await using var store = stub.Connect("Memories", TimeSpan.FromSeconds(30));
        await Should.ThrowAsync<VectorStoreException>(store.PrepareAsync(16, default)); // it has made the collection
        var description = await store.DescribeAsync(16, default);
        (description.Exists, description.Memories).ShouldBe((true, 0));
        description.Refusal.ShouldNotBeNull().Message.ShouldContain("if GraphQL is off, switch it on");
    }

    [Fact]
    public async Task A_collection_of_others_is_described_without_a_count_of_its_objects()
    {
        List<string> asked = [];
        await using WeaviateStore store = new(
            s_options,
            new HttpClient(
                new AnsweringHandler(
                    (path, _) =>
                    {
                        asked.Add(path);
                        return (200, """{"class":"Memories","properties":[{"name":"run","dataType":["text"]}],"version":"1.2"}""");
                    }
                )
            )
        );
        var description = await store.DescribeAsync(16, default);
        (description.Server, description.Exists, description.Memories).ShouldBe(("Weaviate 1.2", true, 0));
        description.Refusal.ShouldNotBeNull().Message.ShouldContain("was not made by AiMe: it has no property instance");
        asked.ShouldBe(["/v1/meta", "/v1/schema/Memories", "/v1/objects?class=Memories&limit=1&include=vector"]);
    }

    [Theory]
    [InlineData("properties", "[]", "was not made by AiMe: it has no property run, instance")]
    [InlineData("vectorIndexConfig", """{"distance":"l2-squared"}""", "compares vectors by l2-squared")]
    [InlineData("multiTenancyConfig", """{"enabled":true}""", "is divided into tenants")]
    [InlineData("vectorIndexType", "\"hnsw\"", "exact search is asked for")]
    public async Task A_collection_of_another_kind_is_refused(string member, string value, string says)
    {
        JsonObject shown = [];
        using HttpClient client = new(
            new AnsweringHandler(
                (path, body) =>
                {
                    if (path.EndsWith("/v1/schema", StringComparison.Ordinal))
                        shown = (JsonObject)JsonNode.Parse(body)!;
                    else if (shown.Count == 0)
                        return (404, "");
                    shown[member] = JsonNode.Parse(value);
                    return (200, shown.ToJsonString());
                }
            )
        );
        await using WeaviateStore store = new(s_options, client);
        var failure = await Should.ThrowAsync<VectorStoreException>(store.PrepareAsync(16, default));
        failure.IsTransient.ShouldBeFalse();
        failure.Message.ShouldStartWith($"{store.Name}: ");
        failure.Message.ShouldContain(says);
    }

    [Fact]
    public async Task A_collection_that_another_process_creates_meanwhile_is_used()
    {
        await using WeaviateStub stub = new();
        await stub.StartAsync();
        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(async _ =>
                {
                    await using var store = stub.Connect("Memories", TimeSpan.FromSeconds(30));
                    await store.PrepareAsync(16, default);
                })
        );
    }

    [Fact]
    public async Task A_deletion_that_comes_to_nothing_is_refused()
    {
        using HttpClient client = new(
            new AnsweringHandler((_, _) => (200, """{"results":{"matches":5,"limit":10000,"successful":0,"failed":5}}"""))
        );
        await using WeaviateStore store = new(s_options, client);
        var failure = await Should.ThrowAsync<VectorStoreException>(store.DeleteAsync(Some.Instance, default));
        failure.Message.ShouldContain("it deleted 0 of 5 objects of run-1/aligned-1");
    }

    [Fact]
    public void A_collection_has_a_capital_and_no_secret_is_shown()
    {
        s_options.Class.ShouldBe("Memories");
        s_options.ToString().ShouldBe("weaviate at localhost:8080/Memories");
        Should.Throw<ArgumentException>(() => new WeaviateOptions(s_options.Address, "my-memories", null, Exact: true, s_options.Timeout));
    }
}
