using System.Collections.Concurrent;
using System.Text.Json;
using AiMe.Console.Tests.Runs;
using AiMe.Hosts;
using AiMe.Models.Tests.OpenAi;
using AiMe.Tests.Postgres;

namespace AiMe.Actors.Tests.Processes;

/// <summary>Three nodes over one PostgreSQL, and a server that counts what they ask of it together.</summary>
public sealed class ClusterSpendingTests(World world) : IClassFixture<World>, IAsyncLifetime
{
    private static readonly string Experiment = Path.Combine(AppContext.BaseDirectory, "Data", "hosted.yaml");

    private readonly ConcurrentQueue<long> _asked = [];
    private OpenAiStub _stub = null!;
    private string _directory = "";
    private string[] _store = [];

    // What the stub tells of each answer: 8 tokens of a chat, 1 of embeddings.
    private long Told => _stub.Requests.Sum(r => r.Path.EndsWith("/embeddings", StringComparison.Ordinal) ? 1 : 8);

    public async Task InitializeAsync()
    {
        _stub = await OpenAiStub.StartAsync();
        _stub.Answers = (context, asked) =>
        {
            _asked.Enqueue(TimeProvider.System.GetTimestamp());
            return OpenAiStub.Well(context, asked);
        };
        if (await TestServer.SharedAsync() is { } server)
            (_directory, _store) = (world.NewStore(), ["--store", await server.NewDatabaseAsync()]);
    }

    public async Task DisposeAsync() => await _stub.DisposeAsync();

    [SlowTheory]
    [InlineData("mind,model", "mind,model", "mind,model")]
    [InlineData("mind", "model", "model")]
    public async Task Nodes_keep_budget_and_rate_together_pause_and_go_on_to_the_digest_of_one(params string[] roles)
    {
        Skip.If(_store.Length == 0, TestServer.Missing);
        var alone = await Aime.RunAsync(_directory, [.. Line("1M"), "--store", world.NewStore()], "AIME_TEST_KEY=k");
        _stub.Requests.Clear();
        _asked.Clear();

        foreach (var node in await RunAsync(roles, "1200"))
        {
            node.Code.ShouldBe(4, node.Errors);
            node.Errors.ShouldContain("Paused. The budget is used up");
        }

        Told.ShouldBeInRange(300, 1_200); // what is in flight at one node keeps others from spending it
        var spending = JsonDocument
            .Parse((await Aime.RunAsync(_directory, ["status", .. _store, "--blobs", _directory, "--json"])).Well().Output)
            .RootElement.GetProperty("runs")[0]
            .GetProperty("spending");
        (spending.GetProperty("tokens").GetInt64(), spending.GetProperty("tokensCommitted").GetInt64()).ShouldBe(
            (Told, Told),
            "all three have settled"
        );

        foreach (var node in await RunAsync(roles, "1M"))
            DigestOf(node).ShouldBe(DigestOf(alone));
        (await Aime.RunAsync(_directory, ["verify", .. _store, "--blobs", _directory])).Well();
        KeepsTheRate();
    }

    // 900 a minute are 15 a second; as much again may have been given just before, and some come late.
    private void KeepsTheRate()
    {
        var seconds = _asked.Select(a => TimeProvider.System.GetElapsedTime(0, a).TotalSeconds).Order().ToList();
        for (var i = 0; i < seconds.Count; i++)
            seconds.Skip(i).TakeWhile(s => s < seconds[i] + 5).Count().ShouldBeLessThanOrEqualTo(6 * 15 + 10);
    }

    private string[] Line(string budget) =>
        [
            "run",
            Experiment,
            "--json",
            "--set",
            $"model.base-url={_stub.BaseUrl}",
            "--set",
            "replicates=4",
            "--set",
            $"budget.tokens={budget}",
        ];

    private async Task<Left[]> RunAsync(string[] roles, string budget)
    {
        var ports = Cluster.FreePorts(3);
        var config = Path.Combine(_directory, "three.conf");
        await File.WriteAllTextAsync(config, Cluster.Three);
        var nodes = ports
            .Select(
                (port, i) =>
                    Aime.Start(
                        _directory,
                        [
                            .. Line(budget),
                            "--set",
                            "model.requests-per-minute=900",
                            "--blobs",
                            _directory,
                            .. _store,
                            "--akka-config",
                            config,
                            "--node",
                            $"127.0.0.1:{port}",
                            .. ports.SelectMany(p => new[] { "--join", $"127.0.0.1:{p}" }),
                        ],
                        "AIME_TEST_KEY=k",
                        $"AIME_ROLE={roles[i]}"
                    )
            )
            .ToArray();
        try
        {
            return await Task.WhenAll(nodes.Select(n => n.EndAsync()));
        }
        finally
        {
            foreach (var node in nodes)
                node.Dispose();
        }
    }

    private static string DigestOf(Left left) =>
        JsonDocument.Parse(left.Well().Lines.ShouldHaveSingleItem()).RootElement.GetProperty("digest").GetString()!;
}
