using System.Net;
using AiMe.Actors.Clustering;
using AiMe.EventSourcing;
using AiMe.Journal;
using AiMe.Journal.Sqlite;

namespace AiMe.Actors.Tests.Clustering;

/// <summary>What a node that looks for pods offers over HTTP. <see cref="Processes.KubernetesTests"/> has the rest.</summary>
public sealed class PodBootstrapTests : IAsyncLifetime
{
    private const string Host = "127.0.0.11"; // the port of the bootstrap is the same everywhere, so the address is this test's own

    private readonly string _directory = Directory.CreateTempSubdirectory("aime-pods-").FullName;
    private EventStore _store = null!;
    private ClusterNode? _node;

    public async Task InitializeAsync() =>
        _store = await EventStore.OpenAsync(
            _directory,
            TimeProvider.System,
            SqliteSettings.Default,
            (_, _) => true,
            CancellationToken.None
        );

    public async Task DisposeAsync()
    {
        if (_node is not null)
            await _node.DisposeAsync();
        await _store.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [SkippableFact]
    public async Task A_node_answers_other_pods_at_its_own_address_and_offers_nothing_else()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "only Linux has all of 127.0.0.0/8");
        _node = (ClusterNode)await OpenAsync(new PodOptions("app=aime", 3));
        using var client = new HttpClient { BaseAddress = new Uri($"http://{Host}:{PodBootstrap.Port}") };

        (await client.GetStringAsync(At("bootstrap/seed-nodes"))).ShouldStartWith($$"""{"SelfNode":{"Host":"{{Host}}",""");
        (await client.PostAsync(At("bootstrap/seed-nodes"), null)).IsSuccessStatusCode.ShouldBeFalse();
        (await client.GetAsync(At("address"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var settings = _node.System.Settings.Config;
        settings.GetInt("akka.management.cluster.bootstrap.contact-point-discovery.required-contact-point-nr").ShouldBe(3);
        settings.GetString("akka.management.cluster.bootstrap.contact-point-discovery.effective-name").ShouldBe("app=aime");
    }

    [SkippableFact]
    public async Task A_port_that_is_taken_is_reported()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "only Linux has all of 127.0.0.0/8");
        using var taken = new System.Net.Sockets.TcpListener(IPAddress.Parse(Host), PodBootstrap.Port);
        taken.Start();

        (await Should.ThrowAsync<JournalException>(() => OpenAsync(new PodOptions("app=aime", 1)))).Message.ShouldStartWith(
            $"The actor system could not be started: {Host}:{PodBootstrap.Port}, where other pods ask for the cluster, cannot be opened: "
        );
    }

    [SkippableFact]
    public async Task A_node_outside_of_Kubernetes_says_so()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "only Linux has all of 127.0.0.0/8");
        var told = await Should.ThrowAsync<JournalException>(() => OpenAsync(new PodOptions("app=aime", 1), hocon: ""));
        told.Message.ShouldContain("this process is not in a pod of Kubernetes: $KUBERNETES_SERVICE_HOST is not set");
    }

    // There is no API here, so another method finds nobody.
    private Task<IRuntime> OpenAsync(
        PodOptions pods,
        string hocon = """akka.discovery { method = config, config.services.others.endpoints = ["127.0.0.1:1"] }"""
    ) =>
        new ClusterHosting(NodeOptions.Alone with { HostName = Host, Pods = pods }, _store, TimeProvider.System)
        {
            Settings = Nodes.SoonAnd(hocon),
        }.OpenAsync(Systems.Options, new NoEffects(), new Watcher());

    private static Uri At(string path) => new(path, UriKind.Relative);

    private sealed class NoEffects : IEffects
    {
        public Task<Command> RunAsync(string instance, Effect effect, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
