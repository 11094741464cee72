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

    [SkippableFact]
    public async Task A_role_that_may_make_nothing_is_told_so_before_its_run()
    {
        var options = _server.OptionsOf("lacking", s_patience);
        var guest = $"lacking_{options.Database}";
        await _server.AskAsync("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
        await _server.AskAsync($"CREATE ROLE {guest} LOGIN PASSWORD 'guest'");
        await using PgvectorStore store = new(options with { User = guest, Password = "guest" });
        (await RefusalAsync()).ShouldContain($"the database has no extension vector, and the role {guest} may not make it. Make it as");
        await _server.AskAsync("CREATE EXTENSION vector");
        (await RefusalAsync()).ShouldContain($"there is no table lacking, and the role {guest} may not make one. Give the role");
        await using (PgvectorStore owner = new(options))
            await owner.PrepareAsync(16, default);
        (await RefusalAsync()).ShouldContain($"the role {guest} may not read and change table lacking. Give the role");
        await _server.AskAsync($"GRANT SELECT, INSERT, UPDATE, DELETE ON lacking TO {guest}");
        (await store.DescribeAsync(16, default)).Refusal.ShouldBeNull();

        async Task<string> RefusalAsync() => (await store.DescribeAsync(16, default)).Refusal.ShouldNotBeNull().Message;
    }

    [SkippableFact]
    public async Task A_description_makes_neither_an_extension_nor_a_table()
    {
        await using var store = _server.Connect("untouched", s_patience);
        var description = await store.DescribeAsync(16, default);
        description.Server.ShouldNotBeNull().ShouldMatch("^PostgreSQL [0-9.]+, pgvector [0-9.]+, which the database does not have yet$");
        (description.Exists, description.Refusal).ShouldBe((false, null));
        (await _server.AskAsync("SELECT count(*) FROM pg_extension WHERE extname = 'vector'")).ShouldBe(["0"]);
        (await _server.AskAsync("SELECT to_regclass('untouched') IS NULL")).ShouldBe(["True"]);
    }

    [SkippableTheory]
    [InlineData("CREATE TABLE other (id integer)", "was not made by AiMe: it has no column vector")]
    [InlineData("CREATE TABLE other (vector vector(16))", "Give the name of a table that AiMe has made")]
    public async Task A_table_of_others_is_described_without_a_count_of_its_rows(string made, string says)
    {
        await _server.AskAsync("CREATE EXTENSION vector");
        await _server.AskAsync(made);
        await using var store = _server.Connect("other", s_patience);
        var description = await store.DescribeAsync(16, default);
        (description.Exists, description.Memories).ShouldBe((true, 0));
        description.Refusal.ShouldNotBeNull().Message.ShouldContain(says);
    }

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
