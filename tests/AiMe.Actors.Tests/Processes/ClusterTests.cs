using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AiMe.Console.Tests.Runs;
using AiMe.Hosts;

namespace AiMe.Actors.Tests.Processes;

/// <summary>Real processes: one node on a file, and three on a loopback port each over one PostgreSQL.</summary>
public sealed class ClusterTests(World world) : IClassFixture<World>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [SlowFact]
    public async Task A_cluster_of_one_node_gives_the_digest_of_one_process_and_prints_nothing_else()
    {
        var store = world.NewStore();
        var left = (await world.RunAsync(store, "--node", "127.0.0.1:0")).Well();
        World.DigestOf(left).ShouldBe(world.Digest);
        left.Lines.Length.ShouldBe(1);
        (await Aime.RunAsync(store, ["verify", "--store", store])).Well();
    }

    [SlowFact]
    public async Task Three_nodes_of_which_the_one_with_the_supervisor_is_killed_give_the_digest_of_one_process()
    {
        await using var cluster = await Cluster.StartAsync(world);
        var dies = cluster.Nodes[await cluster.SupervisorAsync()];
        dies.Kill();
        await cluster.LetEndAsync();
        foreach (var node in cluster.Nodes.Where(n => n != dies))
            World.DigestOf(await node.EndAsync()).ShouldBe(world.Digest);
        (await Aime.RunAsync(cluster.Directory, ["verify", .. cluster.Store])).Well();
    }

    [SlowFact]
    public async Task Two_nodes_survive_the_loss_of_either()
    {
        foreach (var supervised in (bool[])[true, false])
        {
            await using var cluster = await Cluster.StartAsync(world, count: 2);
            var dies = supervised ? await cluster.SupervisorAsync() : 1 - await cluster.SupervisorAsync();
            cluster.Nodes[dies].Kill();
            await cluster.LetEndAsync();
            World.DigestOf(await cluster.Nodes[1 - dies].EndAsync()).ShouldBe(world.Digest);
        }
    }

    [SlowFact]
    public async Task A_node_that_is_asked_to_end_hands_its_instances_over()
    {
        await using var cluster = await Cluster.StartAsync(world);
        cluster.Nodes[0].Terminate();
        var left = await cluster.Nodes[0].EndAsync();
        left.Code.ShouldBe(130, left.Errors);
        await cluster.LetEndAsync();
        foreach (var node in cluster.Nodes[1..])
            World.DigestOf(await node.EndAsync()).ShouldBe(world.Digest);
        (await Aime.RunAsync(cluster.Directory, ["verify", .. cluster.Store])).Well();
    }

    [SlowFact]
    public async Task A_mind_node_and_two_model_nodes_of_which_one_is_killed_give_the_digest_of_one_process()
    {
        await using var cluster = await Cluster.StartAsync(world, ["mind", "model", "model"]);
        var minds = await cluster.TextAsync("SELECT string_agg(DISTINCT process_id::text, ' ') FROM aime_owner WHERE name NOT LIKE '%#%'");
        minds.ShouldBe(cluster.Nodes[0].Id.ToString(CultureInfo.InvariantCulture), "instances are on the node with the role mind alone");
        cluster.Nodes[1].Kill();
        await cluster.LetEndAsync();
        foreach (var node in (Aime[])[cluster.Nodes[0], cluster.Nodes[2]])
            World.DigestOf(await node.EndAsync()).ShouldBe(world.Digest);
        (await Aime.RunAsync(cluster.Directory, ["verify", .. cluster.Store])).Well();
    }

    [SlowFact]
    public async Task A_model_node_that_is_asked_to_end_leaves_its_work_to_another()
    {
        await using var cluster = await Cluster.StartAsync(world, ["mind", "model", "model"]);
        cluster.Nodes[1].Terminate();
        var left = await cluster.Nodes[1].EndAsync();
        left.Code.ShouldBe(130, left.Errors);
        await cluster.LetEndAsync();
        foreach (var node in (Aime[])[cluster.Nodes[0], cluster.Nodes[2]])
            World.DigestOf(await node.EndAsync()).ShouldBe(world.Digest);
    }

    [SlowTheory]
    [InlineData("mind", "Work is waiting: no node with the role model is reachable. Start one with --role model.")]
    [InlineData("model", "Work is waiting: no node with the role mind is reachable. Start one with --role mind.")]
    public async Task A_node_of_one_role_alone_says_what_it_waits_for_and_ends_when_it_is_asked_to(string role, string told)
    {
        var (store, config) = (world.NewStore(), Path.Combine(world.NewDirectory(), "soon.conf"));
        // Akka waits for this when a message is left for a role that no node has.
        await File.WriteAllTextAsync(config, "akka.coordinated-shutdown.phases.cluster-sharding-shutdown-region.timeout = 1s");
        using var node = Aime.Start(store, world.Command(store, "--node", "127.0.0.1:0", "--akka-config", config), $"AIME_ROLE={role}");
        await node.LineAsync(told);
        node.Terminate();
        var left = await node.EndAsync();
        left.Code.ShouldBe(130, left.Errors);
        left.Errors.ShouldNotContain("error");
        World.DigestOf(await world.RunAsync(store)).ShouldBe(world.Digest);
    }

    [SlowTheory]
    [InlineData("--role: found 'minds', expected one of mind, model", "--node", "127.0.0.1:0", "--role", "minds")]
    [InlineData("expected --node, --join or --discovery with them", "--role", "mind")]
    [InlineData("expected --node, --join or --discovery with them", "--health", "127.0.0.1:0")]
    [InlineData("--join: the other nodes must be able to reach this one", "--join", "127.0.0.1:4053")]
    [InlineData("--node: found 'here', expected host:port", "--node", "here")]
    [InlineData("--shard with --node, --join or --discovery", "--node", "127.0.0.1:0", "--shard", "1/2")]
    [InlineData("cannot be read", "--akka-config", "nowhere.conf")]
    public async Task What_cannot_be_is_refused_and_nothing_is_made(string told, params string[] arguments)
    {
        var store = Path.Combine(world.NewDirectory(), "none");
        var left = await world.RunAsync(store, arguments);
        left.Code.ShouldBe(2, left.Errors);
        left.Errors.ShouldContain(told);
        Directory.Exists(store).ShouldBeFalse();
    }

    [SlowFact]
    public async Task A_role_that_the_environment_names_and_does_not_exist_is_refused()
    {
        var store = Path.Combine(world.NewDirectory(), "none");
        var left = await Aime.RunAsync(world.NewDirectory(), world.Command(store, "--node", "127.0.0.1:0"), "AIME_ROLE=mind, models");
        left.Code.ShouldBe(2, left.Errors);
        left.Errors.ShouldContain("$AIME_ROLE: found role 'models', expected one of mind, model; did you mean 'model'?");
    }

    [SlowFact]
    public async Task A_node_says_whether_it_is_well()
    {
        using var client = new HttpClient();
        var (store, port) = (world.NewStore(), Cluster.FreePorts(1)[0]);
        using var node = Aime.Start(store, world.Command(store, "--node", "127.0.0.1:0", "--health", $"127.0.0.1:{port}"));
        var ready = await AskAsync(client, $"http://127.0.0.1:{port}/healthz/ready", node);
        ready.ShouldStartWith("{\"status\":\"healthy\",\"checks\":{");
        ready.ShouldContain("\"journal\":\"healthy");
        (await client.GetAsync(new Uri($"http://127.0.0.1:{port}/healthz/live"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await client.GetAsync(new Uri($"http://127.0.0.1:{port}/healthz"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await client.GetAsync(new Uri($"http://127.0.0.1:{port}/elsewhere"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await client.PostAsync(new Uri($"http://127.0.0.1:{port}/healthz/live"), null)).StatusCode.ShouldBe(
            HttpStatusCode.MethodNotAllowed
        );
    }

    // Until it answers that it is ready.
    private static async Task<string> AskAsync(HttpClient client, string url, Aime node)
    {
        for (
            var since = TimeProvider.System.GetTimestamp();
            TimeProvider.System.GetElapsedTime(since) < Patience && !node.HasEnded;
            await Task.Delay(20)
        )
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

    [SlowFact]
    public async Task A_port_that_is_taken_is_named()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var left = await world.RunAsync(world.NewStore(), "--node", $"127.0.0.1:{port}");
        left.Code.ShouldBe(1, left.Errors);
        left.Errors.ShouldContain(port.ToString(CultureInfo.InvariantCulture));
        left.Errors.ShouldContain($"The actor system could not be started");
    }
}
