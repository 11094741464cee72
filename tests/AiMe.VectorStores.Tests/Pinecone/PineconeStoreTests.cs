using System.Text.Json;
using AiMe.VectorStores.Pinecone;
using AiMe.VectorStores.Tests.Stubs;

namespace AiMe.VectorStores.Tests.Pinecone;

public sealed class PineconeStoreTests
{
    private static readonly PineconeOptions s_options = new(
        new Uri("https://memories-abc.svc.pinecone.io"),
        "pc-key",
        TimeSpan.FromSeconds(5)
    );

    [Fact]
    public async Task Long_texts_are_written_in_requests_that_Pinecone_accepts()
    {
        await using PineconeStub stub = new();
        await stub.StartAsync();
        await using var store = stub.Connect("Memories", TimeSpan.FromSeconds(30));
        var memories = Some.Memories(200).Select(m => m with { Text = new string('a', 30_000) }).ToArray();
        await store.UpsertAsync(memories, default);
        (await store.ListAsync(Some.Instance, default)).Count.ShouldBe(memories.Length);
    }

    [Fact]
    public void A_text_beyond_the_limit_of_metadata_is_cut_between_characters_and_says_so()
    {
        var memory = Some.Memory(1) with { Text = string.Concat(Enumerable.Repeat("🦊", 20_000)) };
        var metadata = PineconeRecord.Of(memory).Json.GetProperty("metadata");
        metadata.GetProperty("text").GetString().ShouldBe(string.Concat(Enumerable.Repeat("🦊", 8192)));
        metadata.GetProperty("textCut").GetBoolean().ShouldBeTrue();
        metadata.GetProperty("digest").GetString().ShouldBe(memory.Digest);
        PineconeRecord.Of(Some.Memory(1)).Json.GetProperty("metadata").TryGetProperty("textCut", out _).ShouldBeFalse();
    }

    [Fact]
    public void The_records_of_an_instance_have_one_prefix()
    {
        PineconeRecord.Of(Some.Memory(1)).Json.GetProperty("id").GetString().ShouldBe($"aligned-1#{Some.Memory(1).Key}");
    }

    [Theory]
    [InlineData("""{"dimension":16,"metric":"euclidean"}""", "compares vectors by euclidean")]
    [InlineData("""{"vectorType":"sparse"}""", "has no dense vectors")]
    [InlineData("""{"dimension":1024}""", "holds vectors of 1024 components")]
    [InlineData("[]", "is not the JSON of this API")]
    [InlineData("<html>Welcome</html>", "is not the JSON of this API")]
    public async Task An_index_of_another_kind_is_refused(string stats, string says)
    {
        using HttpClient client = new(new AnsweringHandler((_, _) => (200, stats)));
        await using PineconeStore store = new(s_options, client);
        var failure = await Should.ThrowAsync<VectorStoreException>(store.PrepareAsync(16, default));
        failure.IsTransient.ShouldBeFalse();
        failure.Message.ShouldContain(says);
    }

    [Fact]
    public async Task A_request_that_wrote_fewer_records_is_refused()
    {
        using HttpClient client = new(new AnsweringHandler((_, _) => (200, """{"upsertedCount":1}""")));
        await using PineconeStore store = new(s_options, client);
        var failure = await Should.ThrowAsync<VectorStoreException>(store.UpsertAsync(Some.Memories(2), default));
        failure.Message.ShouldContain("it wrote 1 of 2 records");
    }

    [Fact]
    public async Task A_listing_whose_page_repeats_is_refused()
    {
        using HttpClient client = new(new AnsweringHandler((_, _) => (200, """{"vectors":{},"pagination":{"next":"a"}}""")));
        await using PineconeStore store = new(s_options, client);
        var failure = await Should.ThrowAsync<VectorStoreException>(store.ListAsync(Some.Instance, default));
        failure.Message.ShouldContain("its listing does not end");
    }

    [Fact]
    public async Task A_record_of_others_is_refused_by_its_id()
    {
        using HttpClient client = new(new AnsweringHandler((_, _) => (200, """{"matches":[{"id":"x-1","score":0.5}]}""")));
        await using PineconeStore store = new(s_options, client);
        var failure = await Should.ThrowAsync<VectorStoreException>(
            store.NearestAsync(Some.Instance, Some.Vector(16, "query"), 3, default)
        );
        failure.Message.ShouldContain("record x-1 has not the metadata that AiMe writes");
    }

    [Fact]
    public async Task A_search_asks_for_ten_thousand_at_most()
    {
        using AnsweringHandler handler = new((_, _) => (200, "{}"));
        using HttpClient client = new(handler);
        await using PineconeStore store = new(s_options, client);
        (await store.NearestAsync(Some.Instance, Some.Vector(16, "query"), 1_000_000, default)).ShouldBeEmpty();
        using var asked = JsonDocument.Parse(handler.Bodies.Single());
        asked.RootElement.GetProperty("topK").GetInt32().ShouldBe(10_000);
    }

    [Theory]
    [InlineData(301, "", false, "It has moved")]
    [InlineData(404, "<html>nginx</html>", false, "Check its address")]
    [InlineData(502, "<html>nginx</html>", true, "Try again later")]
    [InlineData(408, "", true, "It is slow")]
    [InlineData(501, "", false, "Correct what it names")]
    public async Task What_stands_before_a_server_fails_in_its_own_way(int status, string body, bool passes, string advice)
    {
        using HttpClient client = new(new AnsweringHandler((_, _) => (status, body)));
        await using PineconeStore store = new(s_options, client);
        var failure = await Should.ThrowAsync<VectorStoreException>(store.DeleteAsync(Some.Instance, default));
        failure.IsTransient.ShouldBe(passes);
        failure.Message.ShouldStartWith($"pinecone at memories-abc.svc.pinecone.io: it answered with status {status}. {advice}");
    }

    [Fact]
    public async Task The_clients_own_timeout_passes_too_if_it_is_shorter()
    {
        await using PineconeStub stub = new() { Fault = Fault.Silent, ClientTimeout = TimeSpan.FromMilliseconds(100) };
        await stub.StartAsync();
        await using var store = stub.Connect("Memories", TimeSpan.FromSeconds(30));
        var failure = await Should.ThrowAsync<VectorStoreException>(store.ListAsync(Some.Instance, default));
        failure.IsTransient.ShouldBeTrue();
        failure.Message.ShouldContain("it gave no answer within 0.1 s");
    }

    [Fact]
    public void Options_do_not_show_the_key() => s_options.ToString().ShouldBe("pinecone at memories-abc.svc.pinecone.io");
}
