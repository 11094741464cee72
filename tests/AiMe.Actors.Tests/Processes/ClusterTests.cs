using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AiMe.Console.Tests.Runs;
using AiMe.Tests.Postgres;
using Npgsql;

namespace AiMe.Actors.Tests.Processes;

/// <summary>Real processes: one node on a file, and three on a loopback port each over one PostgreSQL.</summary>
public sealed class ClusterTests(World world) : IClassFixture<World>
{
    /// <summary>Three nodes begin together, and find sooner than in the field who is there and who is not.</summary>
    internal const string Three = """
        akka.cluster {
          min-nr-of-members = 3
          seed-node-timeout = 1s
          gossip-interval = 200ms
          leader-actions-interval = 200ms
          split-brain-resolver.stable-after = 3s
        }
        """;

    // The run's last event waits for whoever holds the lock, so that what a test does to a node happens in mid-run on a fast machine too.
    private const string EndWaits = """
        CREATE FUNCTION end_waits() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF NEW.manifest = 'supervisor.ended@1' THEN PERFORM pg_advisory_xact_lock(1); END IF;
          RETURN NEW;
        END $$;
        CREATE TRIGGER end_waits BEFORE INSERT ON journal FOR EACH ROW EXECUTE FUNCTION end_waits()
        """;

    private const string Any = "127.0.0.1:0";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_cluster_of_one_node_gives_the_digest_of_the_local_runtime_and_prints_nothing_else()
    {
        var store = world.NewStore();
        var left = (await world.RunAsync(store, "--node", Any)).Well();
        World.DigestOf(left).ShouldBe(world.Digest);
        left.Lines.Length.ShouldBe(1);
        (await Aime.RunAsync(store, ["verify", "--store", store])).Well();
    }

    [SkippableFact]
    public async Task Three_nodes_of_which_the_one_with_the_supervisor_is_killed_give_the_digest_of_the_local_runtime()
    {
        await using var cluster = await StartAsync();
        var run = await cluster.TextAsync("SELECT name FROM aime_owner WHERE name NOT LIKE '%/%' AND name NOT LIKE '%#%'");
        var dies = cluster.Nodes.Single(n => n.Id.ToString(CultureInfo.InvariantCulture) == cluster.TextAsync($"SELECT process_id FROM aime_owner WHERE name = '{run}'").Result);
        dies.Kill();
        await cluster.LetEndAsync();
        foreach (var node in cluster.Nodes.Where(n => n != dies))
            World.DigestOf(await node.EndAsync()).ShouldBe(world.Digest);
        (await Aime.RunAsync(cluster.Directory, ["verify", .. cluster.Store])).Well();
    }

    [SkippableFact]
    public async Task A_node_that_is_asked_to_end_hands_its_lives_over()
    {
        await using var cluster = await StartAsync();
        cluster.Nodes[0].Terminate();
        var left = await cluster.Nodes[0].EndAsync();
        left.Code.ShouldBe(130, left.Errors);
        await cluster.LetEndAsync();
        foreach (var node in cluster.Nodes[1..])
            World.DigestOf(await node.EndAsync()).ShouldBe(world.Digest);
        (await Aime.RunAsync(cluster.Directory, ["verify", .. cluster.Store])).Well();
    }

    [SkippableFact]
    public async Task A_mind_node_and_two_model_nodes_of_which_one_is_killed_give_the_digest_of_the_local_runtime()
    {
        await using var cluster = await StartAsync(["mind", "model", "model"]);
        var minds = await cluster.TextAsync("SELECT string_agg(DISTINCT process_id::text, ' ') FROM aime_owner");
        minds.ShouldBe(cluster.Nodes[0].Id.ToString(CultureInfo.InvariantCulture), "lives are on the node with the role mind alone");
        cluster.Nodes[1].Kill();
        await cluster.LetEndAsync();
        foreach (var node in (Aime[])[cluster.Nodes[0], cluster.Nodes[2]])
            World.DigestOf(await node.EndAsync()).ShouldBe(world.Digest);
        (await Aime.RunAsync(cluster.Directory, ["verify", .. cluster.Store])).Well();
    }

    [SkippableFact]
    public async Task A_model_node_that_is_asked_to_end_leaves_its_work_to_another()
    {
        await using var cluster = await StartAsync(["mind", "model", "model"]);
        cluster.Nodes[1].Terminate();
        var left = await cluster.Nodes[1].EndAsync();
        left.Code.ShouldBe(130, left.Errors);
        await cluster.LetEndAsync();
        foreach (var node in (Aime[])[cluster.Nodes[0], cluster.Nodes[2]])
            World.DigestOf(await node.EndAsync()).ShouldBe(world.Digest);
    }

    [Theory]
    [InlineData("mind", "Work waits: no node with the role model can be reached. Start one with --role model.")]
    [InlineData("model", "Work waits: no node with the role mind can be reached. Start one with --role mind.")]
    public async Task A_node_of_one_role_alone_says_what_it_waits_for_and_ends_when_it_is_asked_to(string role, string told)
    {
        var (store, config) = (world.NewStore(), Path.Combine(world.NewDirectory(), "soon.conf"));
        // Akka waits for this when a message is left for a role that no node has.
        await File.WriteAllTextAsync(config, "akka.coordinated-shutdown.phases.cluster-sharding-shutdown-region.timeout = 1s");
        using var node = Aime.Start(store, world.Command(store, "--node", Any, "--akka-config", config), $"AIME_ROLE={role}");
        await node.LineAsync(told);
        node.Terminate();
        var left = await node.EndAsync();
        left.Code.ShouldBe(130, left.Errors);
        left.Errors.ShouldNotContain("error");
        World.DigestOf(await world.RunAsync(store)).ShouldBe(world.Digest);
    }

    [Theory]
    [InlineData("--role: found 'minds', expected one of mind, model", "--node", Any, "--role", "minds")]
    [InlineData("--role and --health are for a node of a cluster; expected --node or --join with them", "--role", "mind")]
    [InlineData("--role and --health are for a node of a cluster; expected --node or --join with them", "--health", "127.0.0.1:8080")]
    [InlineData("--join: the other nodes must be able to reach this one", "--join", "127.0.0.1:4053")]
    [InlineData("--node: found 'here', expected host:port", "--node", "here")]
    [InlineData("--join: found 'there', expected host:port", "--node", "127.0.0.1:4053", "--join", "there")]
    [InlineData("--shard with --node or --join", "--node", Any, "--shard", "1/2")]
    [InlineData("--journal: found 'sql', expected one of aime, akka-sql", "--journal", "sql")]
    [InlineData("cannot be read", "--akka-config", "nowhere.conf")]
    public async Task What_cannot_be_is_refused_and_nothing_is_made(string told, params string[] arguments)
    {
        var store = Path.Combine(world.NewDirectory(), "none");
        var left = await world.RunAsync(store, arguments);
        left.Code.ShouldBe(2, left.Errors);
        left.Errors.ShouldContain(told);
        Directory.Exists(store).ShouldBeFalse();
    }

    [Fact]
    public async Task A_role_that_the_environment_names_and_does_not_exist_is_refused()
    {
        var store = Path.Combine(world.NewDirectory(), "none");
        var left = await Aime.RunAsync(world.NewDirectory(), world.Command(store, "--node", Any), "AIME_ROLE=mind, models");
        left.Code.ShouldBe(2, left.Errors);
        left.Errors.ShouldContain("$AIME_ROLE: there is no role 'models'; there is mind, model");
    }

    [Fact]
    public async Task A_node_says_whether_it_is_well()
    {
        using var client = new HttpClient();
        var (store, port) = (world.NewStore(), FreePorts(1)[0]);
        using var node = Aime.Start(store, world.Command(store, "--node", Any, "--health", $"127.0.0.1:{port}"));
        var ready = await AskAsync(client, $"http://127.0.0.1:{port}/healthz/ready", node);
        ready.ShouldStartWith("{\"status\":\"healthy\",\"checks\":{");
        (await client.GetAsync(new Uri($"http://127.0.0.1:{port}/healthz/live"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await client.GetAsync(new Uri($"http://127.0.0.1:{port}/elsewhere"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await client.PostAsync(new Uri($"http://127.0.0.1:{port}/healthz/live"), null)).StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    // Until it answers that it is ready.
    private static async Task<string> AskAsync(HttpClient client, string url, Aime node)
    {
        for (var since = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(since) < Patience && !node.HasEnded; await Task.Delay(20))
        {
            try
            {
                using var answer = await client.GetAsync(new Uri(url));
                if (answer.IsSuccessStatusCode)
                    return await answer.Content.ReadAsStringAsync();
            }
            catch (HttpRequestException)
            {
                // it does not listen yet
            }
        }

        throw new InvalidOperationException($"it never was ready: {await node.EndAsync()}");
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var left = await world.RunAsync(world.NewStore(), "--node", $"127.0.0.1:{port}");
        left.Code.ShouldBe(1, left.Errors);
        left.Errors.ShouldContain($"127.0.0.1:{port}");
    }

    // Until each on which instances may live has some of its own and the run is well under way; its last event waits till it is let.
    private async Task<Cluster> StartAsync(string[]? roles = null)
    {
        var server = await TestServer.SharedAsync();
        Skip.If(server is null, TestServer.Missing);
        var (database, directory) = (await server!.NewDatabaseAsync(), world.NewStore());
        var ports = FreePorts(3);
        string[] store = ["--store", database, "--blobs", directory];
        var config = Path.Combine(directory, "three.conf");
        await File.WriteAllTextAsync(config, Three);
        var nodes = ports.Select((port, i) => Aime.Start(directory,
            ["run", world.Small, "--json", .. store, "--akka-config", config, "--node", $"127.0.0.1:{port}", .. ports.SelectMany(p => new[] { "--join", $"127.0.0.1:{p}" }), .. roles is null ? [] : (string[])["--role", roles[i]]])).ToArray();
        var cluster = new Cluster(directory, database, store, nodes, await HeldAsync(database));
        var owners = roles?.Count(role => role == "mind") ?? ports.Length;
        await cluster.UntilAsync("SELECT count(*) = 1 FROM pg_tables WHERE tablename = 'journal'");
        await TestServer.ExecuteAsync(database, EndWaits);
        await cluster.UntilAsync($"SELECT (SELECT count(DISTINCT process_id) FROM aime_owner WHERE writer IS NOT NULL) = {owners} AND (SELECT count(*) FROM journal) > 150");
        return cluster;
    }

    private static async Task<NpgsqlConnection> HeldAsync(string database)
    {
        var held = new NpgsqlConnection($"{database};Pooling=false");
        await held.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT pg_advisory_lock(1)", held);
        await command.ExecuteNonQueryAsync();
        return held;
    }

    internal static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var listener in listeners)
            listener.Start();
        int[] ports = [.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        foreach (var listener in listeners)
            listener.Dispose();
        return ports;
    }

    private sealed record Cluster(string Directory, string Database, string[] Store, Aime[] Nodes, NpgsqlConnection Held) : IAsyncDisposable
    {
        /// <summary>The run's last event waits no longer.</summary>
        public async Task LetEndAsync()
        {
            (await TextAsync("SELECT count(*) FROM journal WHERE manifest = 'supervisor.ended@1'")).ShouldBe("0", "it is in mid-run");
            await Held.CloseAsync();
        }

        /// <summary>Asks until the answer is yes.</summary>
        public async Task UntilAsync(string sql)
        {
            for (var since = TimeProvider.System.GetTimestamp(); await TextAsync(sql) != "True"; await Task.Delay(20))
            {
                if (Nodes.FirstOrDefault(n => n.HasEnded) is { } ended)
                    throw new InvalidOperationException($"a node ended: {await ended.EndAsync()}");
                TimeProvider.System.GetElapsedTime(since).ShouldBeLessThan(Patience);
            }
        }

        public async Task<string> TextAsync(string sql)
        {
            try
            {
                await using var connection = new NpgsqlConnection(Database);
                await connection.OpenAsync();
                await using var command = new NpgsqlCommand(sql, connection);
                return (await command.ExecuteScalarAsync())?.ToString() ?? "";
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
            {
                return ""; // no node has made the tables yet
            }
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var node in Nodes)
                node.Dispose();
            await Held.DisposeAsync();
        }
    }
}
