using AiMe.Actors.Clustering;
using AiMe.EventSourcing;
using AiMe.Journal;
using AiMe.Journal.Sqlite;
using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;

namespace AiMe.Actors.Tests.Clustering;

/// <summary>A node of this build joins a cluster whose first node is another's.</summary>
public sealed class NodeWatchTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("aime-watch-").FullName;
    private ActorSystem _older = null!;
    private EventStore _store = null!;

    public async Task InitializeAsync()
    {
        _store = await EventStore.OpenAsync(
            _directory,
            TimeProvider.System,
            SqliteSettings.Default,
            (_, _) => true,
            CancellationToken.None
        );
        _older = ActorSystem.Create(
            "aime",
            ConfigurationFactory.ParseString(
                """
                akka { loglevel = OFF, stdout-loglevel = OFF, actor.provider = cluster, remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 } }
                akka.cluster { roles = [mind, model, wire-0], gossip-interval = 100ms, leader-actions-interval = 100ms, periodic-tasks-initial-delay = 100ms }
                """
            )
        );
        var cluster = Cluster.Get(_older);
        await cluster.JoinAsync(cluster.SelfAddress);
    }

    public async Task DisposeAsync()
    {
        await _older.Terminate();
        await _store.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task A_node_ends_if_an_older_one_writes_another_version_of_the_messages()
    {
        var seed = Cluster.Get(_older).SelfAddress;
        await using var node = await new ClusterHosting(
            NodeOptions.Alone with
            {
                Seeds = [$"127.0.0.1:{seed.Port}"],
            },
            _store,
            TimeProvider.System
        )
        {
            Settings = Nodes.Soon,
        }.OpenAsync(Systems.Options, new Nobody(), new Watcher());
        var ended = await Should.ThrowAsync<JournalException>(() => node.Failure.WaitAsync(Systems.Patience));
        ended.Message.ShouldStartWith($"The node at {seed} has the roles ");
        ended.Message.ShouldContain("wire-0");
        ended.Message.ShouldContain("uses another version of the messages between nodes than this build (wire-9)");
    }

    private sealed class Nobody : IEffects
    {
        public Task<Command> RunAsync(string instance, Effect effect, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
