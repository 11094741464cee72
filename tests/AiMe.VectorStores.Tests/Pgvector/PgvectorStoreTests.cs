using AiMe.Faculties;
using AiMe.VectorStores.Pgvector;

namespace AiMe.VectorStores.Tests.Pgvector;

public sealed class PgvectorConformanceTests : RemoteStoreConformance
{
    private protected override async Task<StoreServer> StartAsync() => await PgvectorServer.StartAsync();
}

public sealed class PgvectorStoreTests : IAsyncLifetime
{
    private const int Dimensions = 256;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private PgvectorServer _server = null!;

    public async Task InitializeAsync() => _server = await PgvectorServer.StartAsync();

    public async Task DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    [SkippableFact]
    public async Task A_hundred_filtered_searches_of_a_thousand_vectors_are_exact()
    {
        await using var store = _server.Connect("exact", s_patience);
        await CheckAsync(store);
    }

    [SkippableFact]
    public async Task A_search_is_exact_even_if_somebody_has_made_an_index()
    {
        await using var store = _server.Connect("indexed", s_patience);
        await store.PrepareAsync(Dimensions, default);
        await _server.AskAsync("CREATE INDEX ON indexed USING hnsw (vector vector_cosine_ops)");
        await CheckAsync(store);
    }

    [SkippableFact]
    public async Task People_can_query_what_is_stored()
    {
        await using var store = _server.Connect("asked", s_patience);
        await store.PrepareAsync(16, default);
        await store.UpsertAsync(Some.Memories(20), default);
        (
            await _server.AskAsync(
                "SELECT topic, count(*), min(importance) FROM asked WHERE run = 'run-1' AND verdict = 'keep' AND at < '2026-01-01 10:30Z' GROUP BY 1"
            )
        ).ShouldBe(["numbers 9 1"]);
    }

    [SkippableFact]
    public async Task A_table_of_another_shape_is_refused_with_what_to_do()
    {
        await _server.AskAsync("CREATE TABLE other (id integer)");
        await using var store = _server.Connect("other", s_patience);
        await store.PrepareAsync(16, default);
        var failure = await Should.ThrowAsync<VectorStoreException>(store.UpsertAsync(Some.Memories(1), default));
        (failure.IsTransient, failure.Message).ShouldBe((false, failure.Message));
        failure.Message.ShouldContain("Give the name of a table that AiMe has made, or of none");
    }

    [SkippableFact]
    public async Task A_role_that_may_make_nothing_uses_what_another_one_has_made()
    {
        var made = _server.OptionsOf("shared", s_patience) with { Hnsw = true };
        await using (PgvectorStore owner = new(made))
            await owner.PrepareAsync(16, default);
        var guest = $"guest_{made.Database}"; // roles are of the whole server
        await _server.AskAsync("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
        await _server.AskAsync($"CREATE ROLE {guest} LOGIN PASSWORD 'guest'");
        await _server.AskAsync($"GRANT SELECT, INSERT, UPDATE, DELETE ON shared TO {guest}");
        await using PgvectorStore store = new(made with { User = guest, Password = "guest" });
        await store.PrepareAsync(16, default);
        await store.UpsertAsync(Some.Memories(3), default);
        (await store.ListAsync(Some.Instance, default)).Count.ShouldBe(3);
    }

    [Theory]
    [InlineData("memories; DROP TABLE x")]
    [InlineData("Memories")]
    [InlineData("")]
    public void A_table_has_a_plain_name(string table) =>
        Should.Throw<ArgumentException>(() => new PgvectorOptions("h", 1, "d", "u", null, table, Hnsw: false, s_patience));

    [Fact]
    public void The_password_is_never_shown() =>
        new PgvectorOptions("h", 1, "d", "u", StoreServer.Key, "t", Hnsw: false, s_patience).ToString().ShouldBe("pgvector at h:1/d");

    private static async Task CheckAsync(IVectorStore store)
    {
        var memories = await FillAsync(store);
        for (var i = 0; i < 100; i++)
        {
            var query = Some.Vector(Dimensions, $"query-{i}");
            var cosines = memories.Where(m => m.Recallable).ToDictionary(m => m.Id, m => m.Vector.Cosine(query));
            Ties.ShouldBeTheBest(await store.NearestAsync(Some.Instance, query, 10, default), cosines, 10, $"query {i}");
        }
    }

    // A thousand of one instance, some of them forgotten, and others beside them.
    private static async Task<StoredMemory[]> FillAsync(IVectorStore store)
    {
        await store.PrepareAsync(Dimensions, default);
        var memories = Some.Memories(1000, dimensions: Dimensions).Select(m => m with { Recallable = m.Cycle % 7 != 0 }).ToArray();
        await store.UpsertAsync(memories, default);
        await store.UpsertAsync(Some.Memories(300, new InstanceKey("run-1", "aligned-2"), Dimensions), default);
        return memories;
    }
}
