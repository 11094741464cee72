using Akka.Cluster;
using AiMe.Journal.Sqlite;
using AiMe.Kernel;
using AiMe.Mind;
using Effect = AiMe.Kernel.Effect;
using Store = AiMe.Journal.Store;

namespace AiMe.Akka.Tests;

/// <summary>What is in force of Akka's settings: a person's over AiMe's, and AiMe's over Akka's.</summary>
public sealed class SettingsTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("aime-settings-").FullName;
    private Store _store = null!;

    public async Task InitializeAsync() => _store = await Store.OpenAsync(_directory, TimeProvider.System, SqliteSettings.Default, (_, _) => true, CancellationToken.None);

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task What_akka_conf_says_is_in_force()
    {
        await using var runtime = await OpenAsync(NodeOptions.Alone);
        var config = runtime.System.Settings.Config;
        config.GetString("akka.cluster.split-brain-resolver.active-strategy").ShouldBe("keep-majority");
        config.GetString("akka.cluster.downing-provider-class").ShouldStartWith("Akka.Cluster.SBR.");
        config.GetString("akka.cluster.sharding.state-store-mode").ShouldBe("ddata");
        config.GetBoolean("akka.cluster.sharding.remember-entities").ShouldBeFalse();
        config.GetBoolean("akka.cluster.singleton-proxy.log-singleton-identification-failure", true).ShouldBeFalse();
        config.GetBoolean("akka.persistence.journal.sql.auto-initialize", true).ShouldBeFalse();
        config.GetInt("akka.persistence.journal.sql.batch-size").ShouldBe(400);
        config.GetInt("akka.persistence.journal.sql-15.batch-size").ShouldBe(400);
        config.GetString("akka.remote.dot-netty.tcp.hostname").ShouldBe("127.0.0.1");
        runtime.System.Serialization.FindSerializerForType(typeof(SettingsTests)).ShouldBeOfType<JournalSerializer>("nothing falls back to JSON");
    }

    [Fact]
    public async Task What_a_person_gives_is_laid_over_it()
    {
        await using var runtime = await OpenAsync(NodeOptions.Alone with { Hocon = "akka.cluster.split-brain-resolver.active-strategy = keep-oldest, akka.persistence.journal.sql.batch-size = 7" });
        runtime.System.Settings.Config.GetString("akka.cluster.split-brain-resolver.active-strategy").ShouldBe("keep-oldest");
        runtime.System.Settings.Config.GetInt("akka.persistence.journal.sql.batch-size").ShouldBe(7);
    }

    [Theory]
    [InlineData("mind,model")]
    [InlineData("mind")]
    [InlineData("model")]
    public async Task A_node_has_the_roles_that_it_is_given(string roles)
    {
        await using var runtime = await OpenAsync(NodeOptions.Alone with { Roles = [.. roles.Split(',')] });
        Cluster.Get(runtime.System).SelfRoles.Order(StringComparer.Ordinal).ShouldBe(roles.Split(','));
    }

    [Fact]
    public void A_node_has_both_roles_unless_told_otherwise() => NodeOptions.Alone.Roles.ShouldBe([NodeOptions.Mind, NodeOptions.Model]);

    [Theory]
    [InlineData()]
    [InlineData("mind", "minds")]
    public void A_node_without_a_role_or_with_another_is_refused(params string[] roles) =>
        Should.Throw<ArgumentException>(() => NodeOptions.Alone with { Roles = [.. roles] }).Message.ShouldContain("expected mind, model, or both");

    private async Task<AkkaRuntime> OpenAsync(NodeOptions node)
    {
        var options = new HostOptions { Run = "test", Writer = new WriterId("w1"), Faculties = Loop.Faculties, Supervision = Loop.Supervision, Catalogue = MindEvents.Catalogue, Park = (instance, why) => new ParkInstance(instance, why) };
        return (AkkaRuntime)await new AkkaHosting(node, _store, MindWire.All, TextWriter.Null, TimeProvider.System).OpenAsync(options, new Nobody(), new Nobody());
    }

    private sealed class Nobody : IEffects, IRuntimeObserver
    {
        public Task<Command> RunAsync(string instance, Effect effect, CancellationToken cancellationToken) => throw new NotSupportedException();

        public void Happened(string instance, string faculty, Event happened)
        {
        }

        public void Refused(string instance, string faculty, Command command, string why)
        {
        }

        public void Restarting(string instance, Exception failure, int attempt, TimeSpan pause)
        {
        }
    }
}
