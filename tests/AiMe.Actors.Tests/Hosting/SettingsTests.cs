using AiMe.Actors.Clustering;
using AiMe.Actors.Hosting;
using AiMe.EventSourcing;
using AiMe.Journal;
using AiMe.Journal.Sqlite;
using Akka.Actor;
using Akka.Cluster;

namespace AiMe.Actors.Tests.Hosting;

/// <summary>Which of Akka's settings are in force: a person's over AiMe's, and AiMe's over Akka's.</summary>
public sealed class SettingsTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("aime-settings-").FullName;
    private EventStore _store = null!;

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
        await _store.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task On_a_plain_system_akka_conf_is_in_force()
    {
        await using var runtime = await OpenAsync();
        var config = runtime.System.Settings.Config;
        config.GetString("akka.loglevel").ShouldBe("WARNING");
        config.GetInt("aime.model-dispatcher.dedicated-thread-pool.thread-count").ShouldBe(Systems.Options.Parallel);
        config.GetTimeSpan("akka.persistence.journal.aime.recovery-event-timeout").ShouldBe(TimeSpan.FromHours(1));
        config.GetBoolean("akka.coordinated-shutdown.run-by-clr-shutdown-hook", true).ShouldBeFalse();
        ((ExtendedActorSystem)runtime.System).Provider.ShouldBeOfType<LocalActorRefProvider>("no port is opened");
    }

    [Fact]
    public async Task On_a_node_akka_cluster_conf_is_in_force()
    {
        await using var runtime = await OpenAsync(NodeOptions.Alone);
        var config = runtime.System.Settings.Config;
        config.GetString("akka.cluster.split-brain-resolver.active-strategy").ShouldBe("lease-majority");
        config.GetString("akka.cluster.downing-provider-class").ShouldStartWith("Akka.Cluster.SBR.");
        config.GetString("akka.cluster.sharding.state-store-mode").ShouldBe("ddata");
        config.GetBoolean("akka.cluster.sharding.remember-entities").ShouldBeFalse();
        config.GetString("akka.remote.dot-netty.tcp.hostname").ShouldBe("127.0.0.1");
        config.GetByteSize("akka.remote.dot-netty.tcp.maximum-frame-size", null).ShouldBe(8 * 1024 * 1024);
    }

    [Fact]
    public async Task On_a_node_nothing_falls_back_to_JSON()
    {
        await using var runtime = await OpenAsync(NodeOptions.Alone);
        runtime.System.Serialization.FindSerializerForType(typeof(SettingsTests)).ShouldBeOfType<WireSerializer>();
        foreach (var type in WireSerializer.Types)
            runtime.System.Serialization.FindSerializerForType(type).ShouldBeOfType<WireSerializer>();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_person_gives_is_laid_over_it(bool node)
    {
        await using var runtime = await OpenAsync(
            node ? NodeOptions.Alone : null,
            "akka.loglevel = ERROR\nakka.persistence.journal.aime.recovery-event-timeout = 7s"
        );
        runtime.System.Settings.Config.GetString("akka.loglevel").ShouldBe("ERROR");
        runtime
            .System.Settings.Config.GetTimeSpan("akka.persistence.journal.aime.recovery-event-timeout")
            .ShouldBe(TimeSpan.FromSeconds(7));
        runtime.System.Settings.Config.GetString("akka.stdout-loglevel").ShouldBe("OFF", "the rest stays");
    }

    [Fact]
    public async Task Another_downing_strategy_can_be_given()
    {
        await using var runtime = await OpenAsync(NodeOptions.Alone, "akka.cluster.split-brain-resolver.active-strategy = keep-oldest");
        runtime.System.Settings.Config.GetString("akka.cluster.split-brain-resolver.active-strategy").ShouldBe("keep-oldest");
    }

    [Theory]
    [InlineData("mind,model")]
    [InlineData("mind")]
    [InlineData("model")]
    public async Task A_node_has_the_roles_that_it_is_given_and_says_which_wire_form_it_writes(string roles)
    {
        await using var runtime = await OpenAsync(NodeOptions.Alone with { Roles = [.. roles.Split(',')] });
        Cluster.Get(runtime.System).SelfRoles.Order(StringComparer.Ordinal).ShouldBe([.. roles.Split(','), "wire-2"]);
    }

    [Fact]
    public void A_node_has_both_roles_unless_told_otherwise() => NodeOptions.Alone.Roles.ShouldBe([NodeOptions.Mind, NodeOptions.Model]);

    [Theory]
    [InlineData()]
    [InlineData("mind", "minds")]
    public void A_node_without_a_role_or_with_another_is_refused(params string[] roles) =>
        Should
            .Throw<ArgumentException>(() => NodeOptions.Alone with { Roles = [.. roles] })
            .Message.ShouldContain("expected mind, model, or both");

    [Theory]
    [InlineData("akka {\n  loglevel = ERROR\n", "line 1: '{' is never closed")]
    [InlineData("akka.loglevel = ERROR\n}", "line 2: '}' closes nothing")]
    [InlineData("akka { extensions = [\n}", "line 2: '}' does not close the '[' of line 1")]
    [InlineData("a = 1\nakka.loglevel = \"ERROR\n", "line 2: the text in quotes does not end on its line")]
    [InlineData("akka.loglevel = \"\"\"ERROR\n", "line 1: the text in triple quotes never ends")]
    [InlineData("# a comment\ninclude \"more.conf\"", "line 2: 'include' is not supported; put those settings into this file")]
    [InlineData("akka.loglevel = ${nowhere}", "${nowhere} is neither a setting in this file nor an environment variable")]
    [InlineData("akka.loglevel ERROR", "there is no value for 'akka.loglevel ERROR', expected key = value")]
    [InlineData("akka.loglevel =", "the text is not HOCON that Akka.NET can read: Unknown token at position 14")]
    [InlineData("akka { loglevel = \n}", "there is no value for 'akka.loglevel', expected key = value")]
    [InlineData("<akka/>", "there is no value for '<akka/>'")]
    public void What_is_not_HOCON_is_refused_with_its_place(string hocon, string told) =>
        Should.Throw<FormatException>(() => new ActorSystemSettings().With(hocon)).Message.ShouldStartWith(told);

    [Theory]
    [InlineData("akka = 3", "akka: found '3', expected a section in braces")]
    [InlineData("akka.loglevel { a = 1 }", "akka.loglevel: found a section, expected a single value")]
    [InlineData("akka.loggers = \"A, B\"", "akka.loggers: found 'A, B', expected a list in brackets")]
    [InlineData("akka.cluster.gossip-interval = [1, 2]", "akka.cluster.gossip-interval: found a list, expected a single value")]
    [InlineData(
        "akka.cluster.split-brain-resolver.stable-after = soon",
        "akka.cluster.split-brain-resolver.stable-after: found 'soon', expected a time such as 7s"
    )]
    [InlineData("akka.cluster { gossip-interval = 1parsec }", "akka.cluster.gossip-interval: found '1parsec', expected a time such as 1s")]
    [InlineData("akka.loglevel = LOUD", "akka.loglevel: found 'LOUD', expected debug, info, warning, error or off")]
    [InlineData("akka.loglevl = DEBUG", "akka.loglevl: there is no such setting, expected akka.loglevel")]
    [InlineData("akka.cluster.min-nr-of-members = few", "akka.cluster.min-nr-of-members: found 'few', expected a number such as 1")]
    [InlineData(
        "akka.actor.default-dispatcher.throughput = many",
        "akka.actor.default-dispatcher.throughput: found 'many', expected a number such as 30"
    )]
    [InlineData(
        "aime.model-dispatcher.dedicated-thread-pool.thread-count = x",
        "aime.model-dispatcher.dedicated-thread-pool.thread-count: found 'x', expected a number such as 1"
    )]
    [InlineData(
        "akka.remote.dot-netty.tcp.maximum-frame-size = big",
        "akka.remote.dot-netty.tcp.maximum-frame-size: found 'big', expected a size such as 8388608b"
    )]
    [InlineData("akka.coordinated-shutdown.exit-clr = maybe", "akka.coordinated-shutdown.exit-clr: found 'maybe', expected on or off")]
    public void A_value_of_a_wrong_kind_is_refused_with_its_setting(string hocon, string told) =>
        Should.Throw<FormatException>(() => new ActorSystemSettings().With(hocon)).Message.ShouldBe(told);

    [Theory]
    [InlineData("")]
    [InlineData("# nothing but { a comment\n// and [ another")]
    [InlineData("akka { loglevel = \"ERROR\" # } closes nothing here\n }")]
    [InlineData("akka.loggers = [\"Akka.Event.DefaultLogger\"]\nakka.log-dead-letters = 10\nakka.log-dead-letters = off")]
    [InlineData(
        "akka.cluster.down-removal-margin = 10s\nakka.remote.log-remote-lifecycle-events = WARNING\nakka.remote.dot-netty.tcp.port = 0"
    )]
    [InlineData("mine { text = \"\"\"in { three\n quotes\"\"\", other = [1, {a = 2}] }\nakka.actor.serializers.mine = \"Mine, Mine\"")]
    [InlineData(
        "akka.cluster.gossip-interval = 200 ms\nakka.remote.dot-netty.tcp.maximum-frame-size = 4 MiB\nakka.cluster.failure-detector.threshold = 12"
    )]
    public void What_Akka_takes_is_taken(string hocon) => new ActorSystemSettings().With(hocon).ShouldNotBeNull();

    [Theory]
    [InlineData("config/akka.conf")]
    [InlineData("config/akka-cluster.conf")]
    public void AiMes_own_files_are_taken(string file) =>
        new ActorSystemSettings().With(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "../../../../..", file))).ShouldNotBeNull();

    [Fact]
    public async Task A_secret_among_the_settings_is_never_shown()
    {
        var failure = await Should.ThrowAsync<JournalException>(() =>
            OpenAsync(hocon: "akka.loggers = [\"No.Such\"]\nmine.ssl.certificate.password = topsecret")
        );
        failure.Message.ShouldContain("mine.ssl.certificate.password = ***");
        failure.Message.ShouldNotContain("topsecret");
    }

    [Theory]
    [InlineData(false, "akka.actor.provider = nonsense", "not a valid type name", "akka.actor.provider = nonsense")]
    [InlineData(false, "aime.model-dispatcher.executor = nope", "Could not resolve executor", "aime.model-dispatcher.executor = nope")]
    [InlineData(false, "akka.persistence.journal.aime.class = \"No.Such\"", "No.Such", "akka.persistence.journal.aime.class = No.Such")]
    [InlineData(false, "akka.loggers = [\"No.Such\"]\nakka.stdout-loglevel = OFF", "No.Such", "akka.loggers = [...]")]
    [InlineData(
        true,
        "akka.cluster.split-brain-resolver.active-strategy = foo",
        "Unknown downing strategy",
        "akka.cluster.split-brain-resolver.active-strategy = foo"
    )]
    [InlineData(
        true,
        "akka.cluster.downing-provider-class = \"No.Such, Thing\"",
        "Thing",
        "akka.cluster.downing-provider-class = No.Such, Thing"
    )]
    [InlineData(
        true,
        "akka.cluster.sharding.state-store-mode = files",
        "'files' was not found",
        "akka.cluster.sharding.state-store-mode = files"
    )]
    [InlineData(true, "akka.remote.dot-netty.tcp.port = -4", "out of the range", "akka.remote.dot-netty.tcp.port = -4")]
    [InlineData(true, "aime.lease.lease-class = \"No.Such\"", "", "aime.lease.lease-class = No.Such")]
    public async Task A_wrong_value_is_told_when_the_system_starts_with_its_setting(bool node, string hocon, string why, string setting)
    {
        var told = (await Should.ThrowAsync<Journal.JournalException>(() => OpenAsync(node ? NodeOptions.Alone : null, hocon))).Message;
        told.ShouldStartWith("The actor system could not be started: ");
        told.ShouldContain(why);
        told.ShouldContain($"The given settings are: ");
        told.ShouldContain(setting);
    }

    [Fact]
    public async Task A_variable_of_the_environment_is_put_in_and_never_told()
    {
        Environment.SetEnvironmentVariable("AIME_TEST_SECRET", "of {nobody \"else");
        await using (var runtime = await OpenAsync(hocon: "mine.password = ${AIME_TEST_SECRET}"))
            runtime.System.Settings.Config.GetString("mine.password").ShouldBe("of {nobody \"else");
        var told = (
            await Should.ThrowAsync<Journal.JournalException>(() =>
                OpenAsync(hocon: "mine.password = ${AIME_TEST_SECRET}\nakka.actor.provider = nonsense")
            )
        ).Message;
        told.ShouldContain("nonsense");
        told.ShouldNotContain("nobody");
    }

    private async Task<(ActorSystem System, IRuntime Runtime)> StartAsync(NodeOptions? node, string hocon)
    {
        var settings = new ActorSystemSettings().With(hocon);
        IRuntimeFactory hosting = node is null
            ? new ActorHosting(_store.Journal, _store.Snapshots, TimeProvider.System) { Settings = settings }
            : new ClusterHosting(node, _store, TimeProvider.System) { Settings = settings };
        var runtime = await hosting.OpenAsync(Systems.Options, new Nobody(), new Watcher());
        return (
            runtime switch
            {
                HostedInstances plain => plain.System,
                ClusterNode clustered => clustered.System,
                _ => throw new System.Diagnostics.UnreachableException(),
            },
            runtime
        );
    }

    private async Task<Opened> OpenAsync(NodeOptions? node = null, string hocon = "")
    {
        var (system, runtime) = await StartAsync(node, hocon);
        return new Opened(system, runtime);
    }

    private sealed record Opened(ActorSystem System, IRuntime Runtime) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Runtime.DisposeAsync();
    }

    private sealed class Nobody : IEffects
    {
        public Task<Command> RunAsync(string instance, Effect effect, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
