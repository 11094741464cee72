using AiMe.Faculties.Supervisor;
using AiMe.Lab.Runs.Indexes;
using AiMe.Models.Distributions;
using AiMe.Tests.Postgres;
using AiMe.VectorStores.Tests.Pgvector;
using AiMe.VectorStores.Tests.Stubs;

namespace AiMe.VectorStores.Tests.Runs;

/// <summary>Runs whose store stops in the middle and comes back, or whose process does.</summary>
public sealed class StoreRunTests
{
    private const string KeyEnv = "AIME_TEST_STORE_KEY";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly Lazy<Task<string>> s_embedded = new(async () =>
    {
        using StoreRun run = new("embedded");
        return (await run.RunAsync())!;
    });

    static StoreRunTests() => Environment.SetEnvironmentVariable(KeyEnv, StoreServer.Key);

    [SkippableTheory]
    [InlineData("qdrant", "scan")]
    [InlineData("qdrant", "wait")]
    [InlineData("pinecone", "scan")]
    [InlineData("pinecone", "wait")]
    [InlineData("weaviate", "scan")]
    [InlineData("weaviate", "wait")]
    public async Task A_store_that_stops_in_mid_run_and_comes_back_changes_nothing_and_has_each_memory_once(string kind, string onFailure)
    {
        await using var server = await StartAsync(kind);
        using StoreRun run = new(IndexOf(server, kind, onFailure));
        run.After[20] = () => server.Fault = Fault.Unavailable;
        if (onFailure == "scan")
            run.After[60] = () => server.Fault = Fault.None;
        var digest = run.RunAsync();
        if (onFailure == "wait")
        {
            await Task.WhenAny(digest, Task.Delay(TimeSpan.FromSeconds(2))); // no experience comes while it waits
            server.Fault = Fault.None;
        }

        (await digest.WaitAsync(s_patience)).ShouldBe(await s_embedded.Value);
        await EachIsThereOnceAsync(server, kind, run);
        var failed = (await run.StateAsync()).IndexFailures.ShouldHaveSingleItem();
        (failed.Store, failed.Kind).ShouldBe((kind, IndexFailed.Unanswered));
        failed.Searches.ShouldBeGreaterThan(1);
    }

    [SkippableTheory]
    [InlineData("qdrant")]
    [InlineData("pinecone")]
    [InlineData("weaviate")]
    public async Task A_run_that_is_cut_off_goes_on_where_it_was_and_writes_nothing_twice(string kind)
    {
        await using var server = await StartAsync(kind);
        using StoreRun run = new(IndexOf(server, kind, "scan"));
        using CancellationTokenSource now = new();
        run.After[50] = now.Cancel;
        (await run.RunAsync(now.Token, now.Token).WaitAsync(s_patience)).ShouldBeNull();
        (await run.RunAsync().WaitAsync(s_patience)).ShouldBe(await s_embedded.Value);
        await EachIsThereOnceAsync(server, kind, run);
        (await run.StateAsync()).IndexFailures.ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task A_run_that_waits_for_its_store_can_be_stopped_and_resumed()
    {
        await using var server = await StartAsync("weaviate");
        using StoreRun run = new(IndexOf(server, "weaviate", "wait"));
        using CancellationTokenSource interrupt = new();
        run.After[20] = () =>
        {
            server.Fault = Fault.Unavailable;
            interrupt.CancelAfter(TimeSpan.FromSeconds(1));
        };
        (await run.RunAsync(interrupt.Token).WaitAsync(s_patience)).ShouldBeNull();
        server.Fault = Fault.None;
        (await run.RunAsync().WaitAsync(s_patience)).ShouldBe(await s_embedded.Value);
        await EachIsThereOnceAsync(server, "weaviate", run);
    }

    [SkippableTheory]
    [InlineData("qdrant")]
    [InlineData("pinecone")]
    [InlineData("weaviate")]
    [InlineData("pgvector")]
    public async Task Memories_that_are_deleted_between_two_sessions_are_written_again_and_change_nothing(string kind)
    {
        await using var server = await StartAsync(kind);
        using StoreRun run = new(IndexOf(server, kind, "scan"));
        using CancellationTokenSource now = new();
        run.After[50] = now.Cancel;
        (await run.RunAsync(now.Token, now.Token).WaitAsync(s_patience)).ShouldBeNull();
        await using (var other = server.Connect(Place(kind), s_patience))
        {
            (await other.CountAsync(run.Run, default)).ShouldBeGreaterThan(0);
            await other.DeleteRunAsync(run.Run, default);
            (await other.CountAsync(run.Run, default)).ShouldBe(0);
        }

        (await run.RunAsync().WaitAsync(s_patience)).ShouldBe(await s_embedded.Value);
        await EachIsThereOnceAsync(server, kind, run);
    }

    [SkippableTheory]
    [InlineData("qdrant")]
    [InlineData("pinecone")]
    [InlineData("weaviate")]
    public async Task A_session_that_ends_leaves_no_connection_open_also_if_it_is_cut_off(string kind)
    {
        await using var server = await StartAsync(kind);
        var connections = server.Connections.ShouldNotBeNull();
        using StoreRun run = new(IndexOf(server, kind, "scan"));
        using CancellationTokenSource now = new();
        run.After[50] = now.Cancel;
        (await run.RunAsync(now.Token, now.Token).WaitAsync(s_patience)).ShouldBeNull();
        var made = connections.All;
        made.ShouldBeGreaterThan(0);
        await UntilAsync(() => connections.Open == 0);
        await run.RunAsync().WaitAsync(s_patience);
        connections.All.ShouldBeGreaterThan(made);
        await UntilAsync(() => connections.Open == 0);
    }

    [SkippableFact]
    public async Task A_session_that_ends_leaves_no_connection_to_PostgreSQL_open()
    {
        await using var server = (PgvectorServer)await StartAsync("pgvector");
        using StoreRun run = new(IndexOf(server, "pgvector", "scan"));
        const string connected = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'aime'";
        var during = "0";
        await run.HostAsync(async _ => during = (await server.AskAsync(connected))[0]);
        during.ShouldNotBe("0");
        var left = during;
        for (var times = 0; left != "0" && times < 1000; times++) // the server notices it a moment later
            left = (await server.AskAsync(connected))[0];
        left.ShouldBe("0");
    }

    [SkippableFact]
    public async Task Instances_that_have_finished_are_not_kept_in_memory_until_the_session_ends()
    {
        await using var server = await StartAsync("weaviate");
        using StoreRun run = new(IndexOf(server, "weaviate", "scan"));
        RunIndex? closed = null;
        await run.HostAsync(async index =>
        {
            await UntilAsync(() => index.Copies == 0);
            closed = index;
            await using var other = server.Connect(Place("weaviate"), s_patience);
            (await other.CountAsync(run.Run, default)).ShouldBe(StoreRun.Memories, "a release writes the last ones");
        });
        closed!.Copies.ShouldBe(0);
        await EachIsThereOnceAsync(server, "weaviate", run);
    }

    [SkippableFact]
    public async Task PostgreSQL_that_is_killed_in_mid_run_and_starts_again_changes_nothing()
    {
        await using var programs = await TestServer.OwnAsync();
        Skip.If(programs is null, TestServer.Missing);
        var server = await PgvectorServer.OnAsync(programs!);
        using StoreRun run = new(IndexOf(server, "pgvector", "wait"));
        TaskCompletionSource killed = new();
        run.After[20] = () => killed.TrySetResult();
        var digest = run.RunAsync();
        await await Task.WhenAny(digest, killed.Task);
        await programs!.StopImmediatelyAsync();
        await programs.StartAgainAsync();
        (await digest.WaitAsync(s_patience)).ShouldBe(await s_embedded.Value);
        (
            await server.AskAsync("SELECT count(*), count(DISTINCT (instance, memory)), count(DISTINCT variant) FROM aime_memories")
        ).ShouldBe([$"{StoreRun.Memories} {StoreRun.Memories} 2"]);
    }

    [SkippableFact]
    public async Task A_store_that_refuses_parks_nothing_if_the_scan_takes_its_place()
    {
        await using var server = await StartAsync("weaviate");
        server.Fault = Fault.Locked;
        using StoreRun run = new(IndexOf(server, "weaviate", "scan"));
        (await run.RunAsync().WaitAsync(s_patience)).ShouldBe(await s_embedded.Value);
        var failed = (await run.StateAsync()).IndexFailures.ShouldHaveSingleItem();
        failed.Kind.ShouldBe(IndexFailed.Refused);
        failed.Words.ShouldNotContain(StoreServer.Key);
        failed.Searches.ShouldBeGreaterThan(100, "every search, and the last writing");
        (await run.FindingsAsync()).ShouldContain(f =>
            f.StartsWith(
                $"Warning: weaviate refused {failed.Searches} memory searches, and the embedded scan did: ",
                StringComparison.Ordinal
            )
        );
    }

    private static async Task UntilAsync(Func<bool> reached)
    {
        for (var since = TimeProvider.System.GetTimestamp(); !reached(); await Task.Delay(5))
            TimeProvider.System.GetElapsedTime(since).ShouldBeLessThan(s_patience);
    }

    private static string Place(string kind) => kind == "pgvector" ? "aime_memories" : "Runs";

    private static async Task EachIsThereOnceAsync(StoreServer server, string kind, StoreRun run)
    {
        await using var store = server.Connect(Place(kind), s_patience);
        var ids = 0;
        foreach (var instance in (await run.StateAsync()).Instances.Keys)
            ids += (await store.ListAsync(new InstanceKey(run.Run, instance), default)).Count;
        ids.ShouldBe(StoreRun.Memories);
    }

    private static async Task<StoreServer> StartAsync(string kind)
    {
        StoreServer server;
        switch (kind)
        {
            case "qdrant":
                QdrantStub qdrant = new();
                await qdrant.StartAsync();
                server = qdrant;
                break;
            case "pgvector":
                server = await PgvectorServer.StartAsync();
                break;
            case "pinecone":
                PineconeStub pinecone = new() { Dimensions = DrawEmbedder.Components };
                await pinecone.StartAsync();
                server = pinecone;
                break;
            default:
                WeaviateStub weaviate = new();
                await weaviate.StartAsync();
                server = weaviate;
                break;
        }

        return server;
    }

    private static string IndexOf(StoreServer server, string kind, string onFailure)
    {
        var keys = server switch
        {
            QdrantStub s => $"url: 'http://127.0.0.1:{s.Port}', collection: Runs, key-env: {KeyEnv}",
            PineconeStub s => $"host: 'http://127.0.0.1:{s.Port}', key-env: {KeyEnv}",
            WeaviateStub s => $"url: 'http://127.0.0.1:{s.Port}', class: Runs, key-env: {KeyEnv}",
            PgvectorServer { Address: var a } =>
                $"host: {a.Host}, port: {a.Port}, database: {a.Database}, user: {a.Username}, password-env: none",
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        return $"{{{kind}: {{{keys}}}, on-failure: {onFailure}}}";
    }
}
