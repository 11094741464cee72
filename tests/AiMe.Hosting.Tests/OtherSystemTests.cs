using AiMe.Actors;
using AiMe.Actors.Hosting;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Hosts;
using AiMe.Journal;
using Akka.Actor;
using Akka.Configuration;
using Akka.Hosting;
using Akka.Hosting.TestKit;
using Akka.Persistence;
using Microsoft.Extensions.Logging;

namespace AiMe.Hosting.Tests;

/// <summary>AiMe's instances in somebody else's actor system, beside actors of his own.</summary>
public sealed class OtherSystemTests : TestKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly InMemoryJournal _journal = new(TimeProvider.System);
    private readonly InMemoryBlobs _blobs = new();
    private readonly Watcher _watcher = new();
    private readonly InstanceHost _instances;

    public OtherSystemTests()
        : base("other", logLevel: LogLevel.None) =>
        _instances = new InstanceHost(
            new HostSettings
            {
                Run = ScriptedRun.Run,
                Writer = WriterId.Of("another"),
                Faculties = Loop.Faculties,
                Supervisor = Loop.Supervision,
                Codec = FacultyEvents.Codec,
                Park = (instance, why) => new ParkInstance(instance, why),
                Parallel = 2,
                PassivateAfter = TimeSpan.FromHours(1),
            },
            _journal,
            _journal,
            new ScriptedEffects(_blobs, null),
            _watcher,
            TimeProvider.System
        );

    // His own actor persists through a plugin of his own.
    protected override Config Config { get; } =
        ConfigurationFactory.ParseString(
            """
            akka.log-dead-letters = 7
            akka.persistence.journal.plugin = "akka.persistence.journal.inmem"
            """
        );

    protected override void ConfigureAkka(AkkaConfigurationBuilder builder, IServiceProvider provider) =>
        builder
            .WithInstances(_instances)
            .WithActors((system, registry) => registry.Register<Counter>(system.ActorOf(Props.Create(() => new Counter()), "counter")));

    [Fact]
    public async Task The_run_ends_with_the_digest_and_the_rows_of_the_golden_file()
    {
        (await LiveAsync()).ShouldBe(ScriptedRun.Digest);
        await _instances.StopAsync(CancellationToken.None); // what was in hand is durable
        (await ScriptedRun.RowsAsync(_journal)).ShouldBe(ScriptedRun.Rows);
    }

    [Fact]
    public void The_parent_of_the_instances_and_the_supervisor_are_in_the_registry()
    {
        PathOf(ActorRegistry.Get<InstanceActor>()).ShouldBe("/user/instances");
        PathOf(ActorRegistry.Get<SupervisorActor>()).ShouldBe("/user/supervisor");
    }

    [Fact]
    public async Task Every_faculty_is_an_actor_under_its_instance()
    {
        await LiveAsync();
        var plan = await ScriptedRun.PlanAsync(_blobs);
        foreach (var instance in plan.Instances.Select(i => RunPlan.NameOf(i.Variant, i.Replicate)))
        {
            foreach (var faculty in Loop.Faculties)
            {
                var path = $"/user/instances/{instance}/{faculty.Name}";
                PathOf(await Sys.ActorSelection(path).ResolveOne(Patience, TestContext.Current.CancellationToken)).ShouldBe(path);
            }
        }

        PathOf(await Sys.ActorSelection("/user/instances/kept-1/curator").ResolveOne(Patience, TestContext.Current.CancellationToken))
            .ShouldBe("/user/instances/kept-1/curator");
    }

    [Fact]
    public async Task Nothing_happens_before_the_supervisor_is_told_to_start()
    {
        await AskAsync<ActorIdentity>(ActorRegistry.Get<SupervisorActor>(), new Identify(1));
        (await ScriptedRun.RowsAsync(_journal)).ShouldBeEmpty();
        _instances.IsIdle.ShouldBeTrue();
    }

    [Fact]
    public async Task Other_actors_of_the_system_are_unharmed()
    {
        (await CountAsync()).ShouldBe(1);
        await LiveAsync();
        (await CountAsync()).ShouldBe(2);
        await _instances.StopAsync(CancellationToken.None);
        (await CountAsync()).ShouldBe(3);
    }

    [Fact]
    public async Task His_own_settings_stay()
    {
        await LiveAsync();
        Sys.Settings.Config.GetString("akka.persistence.journal.plugin").ShouldBe("akka.persistence.journal.inmem");
        Sys.Settings.LogDeadLetters.ShouldBe(7, "AiMe's own systems log none");
        Persistence
            .Instance.Apply(Sys)
            .JournalFor(null)
            .ShouldNotBe(Persistence.Instance.Apply(Sys).JournalFor("akka.persistence.journal.aime"));
    }

    [Fact]
    public async Task Stopping_leaves_the_system_alive_and_nothing_of_the_run_in_it()
    {
        await LiveAsync();
        IActorRef[] ours = [ActorRegistry.Get<InstanceActor>(), ActorRegistry.Get<SupervisorActor>()];
        foreach (var actor in ours)
            await WatchAsync(actor);
        await _instances.StopAsync(CancellationToken.None);
        foreach (var _ in ours)
            await ExpectMsgAsync<Terminated>(Patience, cancellationToken: TestContext.Current.CancellationToken);
        Sys.WhenTerminated.IsCompleted.ShouldBeFalse();
        (await CountAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task An_actor_that_is_not_AiMes_is_told_that_AiMes_plugin_is_not_for_it()
    {
        var foreign = Sys.ActorOf(Props.Create(() => new Counter("akka.persistence.journal.aime", "foreign")));
        await WatchAsync(foreign);
        foreign.Tell(Count.Instance);
        await ExpectMsgAsync<Terminated>(Patience, cancellationToken: TestContext.Current.CancellationToken);
        (await LiveAsync()).ShouldBe(ScriptedRun.Digest, "the run is unharmed");
    }

    private async Task<string> LiveAsync()
    {
        await _instances.TellAsync(FacultyAddress.Supervisor, new StartRun(await ScriptedRun.PlanAsync(_blobs)));
        var first = await Task.WhenAny(_watcher.Ended, _instances.Failure).WaitAsync(Patience, TestContext.Current.CancellationToken);
        await first;
        return (await _watcher.Ended).Digest;
    }

    private async Task<int> CountAsync() => await AskAsync<int>(ActorRegistry.Get<Counter>(), Count.Instance);

    private static Task<T> AskAsync<T>(IActorRef actor, object question) =>
        actor.Ask<T>(question, Patience, TestContext.Current.CancellationToken);

    private static string PathOf(IActorRef actor) => string.Concat("/", string.Join('/', actor.Path.Elements));

    private sealed record Count
    {
        public static readonly Count Instance = new();
    }

    /// <summary>Somebody else's persistent actor.</summary>
    private sealed class Counter : UntypedPersistentActor
    {
        private int _count;

        public Counter()
            : this("", "counter") { }

        public Counter(string plugin, string id) => (JournalPluginId, PersistenceId) = (plugin, id);

        public override string PersistenceId { get; }

        protected override void OnCommand(object message)
        {
            if (message is Count)
                Persist("counted", _ => Sender.Tell(++_count));
        }

        protected override void OnRecover(object message)
        {
            if (message is string)
                _count++;
        }
    }

    /// <summary>Notes the run's end.</summary>
    private sealed class Watcher : IRuntimeObserver
    {
        private readonly TaskCompletionSource<RunEnded> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<RunEnded> Ended => _ended.Task;

        public void Happened(string instance, string faculty, Event happened)
        {
            if (happened is RunEnded ended)
                _ended.TrySetResult(ended);
        }

        public void Refused(string instance, string faculty, Command command, string why) { }

        public void Restarting(string instance, Exception failure, int attempt, TimeSpan pause) { }
    }
}
