using AiMe.Faculties.Supervisor;
using AiMe.Lab.Experiments;
using AiMe.Lab.Runs.Indexes;
using AiMe.Models;

namespace AiMe.Lab.Tests.Experiments;

public sealed class MemoryIndexTests : IDisposable
{
    private readonly Study _study = new();

    public void Dispose() => _study.Dispose();

    [Fact]
    public void The_embedded_index_is_the_default_and_naming_it_changes_no_run()
    {
        _study.Experiment().Index.ShouldBeNull();
        _study.Experiment("memory.index=embedded").Index.ShouldBeNull();
        _study.Experiment("memory.index=embedded").RunId.ShouldBe(_study.Experiment().RunId);
    }

    public static TheoryData<string, IndexPlan> Read { get; } =
        new()
        {
            {
                "{pgvector: {database: memories}}",
                new(new StoreOrigin.Pgvector("localhost", 5432, "memories", "postgres", "PGPASSWORD", "aime_memories"), 8, Waits: false, 10)
            },
            {
                "{pgvector: {host: db, port: 6000, database: d, user: u, password-env: PW, table: t_1, search: hnsw}, candidates: 3, on-failure: wait, timeout: 2s}",
                new(new StoreOrigin.Pgvector("db", 6000, "d", "u", "PW", "t_1", Hnsw: true), 3, Waits: true, 2)
            },
            {
                "{qdrant: {}}",
                new(new StoreOrigin.Qdrant("http://localhost:6334", "aime-memories", Exact: true, "none"), 8, Waits: false, 10)
            },
            {
                "{qdrant: {url: 'https://q:6334/', collection: c, exact: false, key-env: Q_KEY}}",
                new(new StoreOrigin.Qdrant("https://q:6334", "c", Exact: false, "Q_KEY"), 8, Waits: false, 10)
            },
            {
                "{pinecone: {host: 'https://i.svc.pinecone.io'}}",
                new(new StoreOrigin.Pinecone("https://i.svc.pinecone.io", "PINECONE_API_KEY"), 8, Waits: false, 10)
            },
            {
                "{weaviate: {url: 'https://w:8080', class: Mind, exact: false, key-env: W_KEY}}",
                new(new StoreOrigin.Weaviate("https://w:8080", "Mind", Exact: false, "W_KEY"), 8, Waits: false, 10)
            },
        };

    [Theory, MemberData(nameof(Read))]
    public void Every_key_is_read(string index, IndexPlan expected) => _study.Experiment($"memory.index={index}").Index.ShouldBe(expected);

    /// <summary>What is set, and the problem that it is.</summary>
    public static TheoryData<string, string> Wrong { get; } =
        new()
        {
            { "memory.index=pgvector", "memory.index: found 'pgvector', expected embedded, or a mapping with one of pgvector, qdrant" },
            { "memory.index={candidates: 3}", "memory.index: found no store, expected one of pgvector, qdrant, pinecone, weaviate" },
            { "memory.index={qdrant: {}, weaviate: {}}", "memory.index: found qdrant and weaviate, expected one of" },
            { "memory.index={pgvector: {}}", "memory.index.pgvector.database: the key is missing" },
            {
                "memory.index={pgvector: {database: d, table: 'a; b'}}",
                "memory.index.pgvector.table: found 'a; b', expected a name of the form"
            },
            { "memory.index={pinecone: {}}", "memory.index.pinecone.host: the key is missing" },
            { "memory.index={qdrant: {key-env: sk-123}}", "memory.index.qdrant.key-env: expected the name of an environment variable" },
            {
                "memory.index={qdrant: {url: 'http://me:secret@q'}}",
                "memory.index.qdrant.url: expected an address of http or https without user"
            },
            {
                "memory.index={qdrant: {}, on-failure: ignore}",
                "memory.index.on-failure: found 'ignore', expected what a search does: scan, wait"
            },
            { "memory.index={chroma: {}}", "memory.index.chroma: the key is unknown" },
            { "variants.keep-all.memory={index: embedded}", "variants.keep-all.memory.index: all variants of a run share it" },
        };

    [Theory, MemberData(nameof(Wrong))]
    public void A_problem_says_what_was_expected(string set, string problem) =>
        _study.Problems(set).ShouldContain(p => p.Contains(problem, StringComparison.Ordinal));

    [Fact]
    public void A_key_that_would_be_sent_in_the_clear_is_a_warning()
    {
        const string Warning = "memory.index.qdrant.url: the key in K would be sent to another machine unencrypted; expected https";
        string[] Of(string index) => _study.Problems($"memory.index={index}");
        Of("{qdrant: {url: 'http://far:6334', key-env: K}}").ShouldContain(p => p.Contains(Warning, StringComparison.Ordinal));
        Of("{qdrant: {url: 'http://far:6334'}}").ShouldBeEmpty();
        Of("{qdrant: {url: 'http://127.0.0.1:6334', key-env: K}}").ShouldBeEmpty();
    }

    [Fact]
    public void The_kind_and_the_candidates_are_the_run_s_and_the_place_is_not()
    {
        string Id(string index) => _study.Experiment($"memory.index={index}").RunId;
        Id("{qdrant: {}}").ShouldNotBe(_study.Experiment().RunId);
        Id("{qdrant: {}}").ShouldNotBe(Id("{weaviate: {}}"));
        Id("{qdrant: {}}").ShouldNotBe(Id("{qdrant: {exact: false}}"));
        Id("{qdrant: {}}").ShouldNotBe(Id("{qdrant: {}, candidates: 9}"));
        Id("{qdrant: {}}").ShouldBe(Id("{qdrant: {url: 'https://q:1', key-env: K, collection: c}, on-failure: wait, timeout: 1s}"));
    }

    [Fact]
    public void A_key_that_is_not_set_is_named_before_the_run() =>
        Should
            .Throw<MissingKeyException>(() => StoreConnections.CheckKey(new StoreOrigin.Pinecone("https://p", "AIME_TEST_NOT_SET")))
            .Message.ShouldStartWith(
                "The environment variable AIME_TEST_NOT_SET is not set or empty, expected the key of pinecone at https://p in it"
            );
}
