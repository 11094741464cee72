using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using AiMe.Journal;
using AiMe.Journal.Sqlite;
using AiMe.Kernel;
using AiMe.Mind;
using AiMe.Mind.Tests;
using Address = AiMe.Kernel.Address;
using Effect = AiMe.Kernel.Effect;
using Store = AiMe.Journal.Store;

namespace AiMe.Akka.Tests;

/// <summary>One life among probes: its supervisor is one, and so is the shard in which it lives.</summary>
public sealed class LifeActorTests() : TestKit(InMemory), IAsyncLifetime
{
    private const string InMemory = """
        akka.loglevel = OFF
        akka.stdout-loglevel = OFF
        akka.persistence.journal.sql { class = "Akka.Persistence.Journal.MemoryJournal, Akka.Persistence", plugin-dispatcher = "akka.actor.default-dispatcher" }
        akka.persistence.snapshot-store.plugin = "akka.persistence.no-snapshot-store"
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _directory = Directory.CreateTempSubdirectory("aime-life-").FullName;
    private readonly ConcurrentQueue<(int Attempt, TimeSpan Pause)> _restarts = [];
    private readonly ConcurrentQueue<Event> _events = [];
    private Func<Effect, Exception?> _trouble = _ => null;
    private Store _store = null!;
    private TestProbe _shard = null!;

    public async Task InitializeAsync()
    {
        _store = await Store.OpenAsync(_directory, TimeProvider.System, SqliteSettings.Default, (_, _) => true, CancellationToken.None);
        _shard = CreateTestProbe();
    }

    public async Task DisposeAsync()
    {
        Shutdown(verifySystemShutdown: true);
        await _store.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public void A_life_is_born_and_tells_its_supervisor_with_its_name_and_its_heads()
    {
        Begin(Life());
        var born = Closed();
        (born.Instance, born.Cycle, born.Heads.Links.Length).ShouldBe(("kept-1", 0, 5));
        _events.Count.ShouldBeGreaterThan(5);
    }

    [Fact]
    public void A_command_that_comes_again_gives_no_event_but_the_same_answer()
    {
        var life = Life();
        Begin(life);
        var (first, events) = (Closed(), _events.Count);
        Begin(life);
        Closed().ShouldBe(first);
        _events.Count.ShouldBe(events);
    }

    [Fact]
    public async Task A_life_is_read_back_by_the_next_one_of_its_name_and_what_comes_meanwhile_waits()
    {
        var life = Life();
        Begin(life);
        Closed();
        await EndAsync(life);
        var again = Life();
        Live(again, 1);
        FishForMessage(m => m is Told { Command: CycleClosed { Cycle: 1 } }, Patience); // it may tell of its birth once more before
    }

    [Fact]
    public void A_life_that_keeps_failing_pauses_twice_as_long_each_time_and_is_then_parked()
    {
        _trouble = effect => effect.Key.Contains("answer", StringComparison.Ordinal) ? new InvalidOperationException("it cannot be") : null;
        var life = Life();
        Begin(life);
        Closed();
        Live(life, 1);
        var parked = FishFor<ParkInstance>();
        (parked.Instance, parked.Reason).ShouldBe(("kept-1", "InvalidOperationException: it cannot be"));
        _restarts.Select(r => r.Attempt).ShouldBe([1, 2, 3]);
        _restarts.Select(r => r.Pause.TotalMilliseconds).ShouldBe([10, 20, 25]);
        _shard.ExpectMsg<Passivate>(Patience);
    }

    [Fact]
    public async Task A_name_that_another_process_holds_is_waited_for_and_nothing_is_written()
    {
        var other = new WriterId("other");
        var held = await _store.Ownership.ClaimAsync(["test/kept-1"], OwnerInfo.Here(other), CancellationToken.None);
        Begin(Life());
        ExpectNoMsg(TimeSpan.FromMilliseconds(300));
        _events.ShouldBeEmpty();
        await _store.Ownership.ReleaseAsync(held, other, CancellationToken.None);
        Closed().Cycle.ShouldBe(0);
    }

    [Fact]
    public async Task A_life_that_has_ended_has_let_go_of_its_name()
    {
        var life = Life();
        Begin(life);
        Closed();
        (await _store.Ownership.FindAsync("test/kept-1", CancellationToken.None)).ShouldNotBeNull();
        await EndAsync(life);
        await AwaitConditionAsync(async () => await _store.Ownership.FindAsync("test/kept-1", CancellationToken.None) is null, Patience);
    }

    [Fact]
    public void A_life_at_rest_asks_its_shard_to_be_put_away()
    {
        Begin(Life(TimeSpan.FromMilliseconds(50)));
        Closed();
        _shard.ExpectMsg<Passivate>(Patience).StopMessage.ShouldBe(End.Instance);
    }

    private IActorRef Life(TimeSpan? passivateAfter = null)
    {
        var options = new HostOptions
        {
            Run = "test",
            Writer = new WriterId("w1"),
            Faculties = Loop.Faculties,
            Supervision = Loop.Supervision,
            Catalogue = MindEvents.Catalogue,
            Park = (instance, why) => new ParkInstance(instance, why),
            Parallel = 2,
            SnapshotEvery = 0,
            Restarts = 3,
            BackOff = TimeSpan.FromMilliseconds(10),
            BackOffAtMost = TimeSpan.FromMilliseconds(25),
            PassivateAfter = passivateAfter ?? TimeSpan.FromMinutes(1),
        };
        var node = new Node(options, new World(this), new Watcher(this), new Claims(_store.Ownership, OwnerInfo.Here(options.Writer), TimeProvider.System), TimeProvider.System) { Supervisor = TestActor };
        return _shard.ChildActorOf(Props.Create(() => new LifeActor(node, "kept-1")));
    }

    private static void Begin(IActorRef life)
    {
        var plan = AiMe.Mind.Tests.World.Plan();
        life.Tell(new Told(new Address("kept-1", Loop.Self), new BeginSelf(plan.Spec(plan.Variants[0], 1))));
    }

    private static void Live(IActorRef life, int cycle) =>
        life.Tell(new Told(new Address("kept-1", Loop.Self), new Live(cycle, Some.Epoch.AddMinutes(cycle), Some.Stimulus(cycle))));

    private CycleClosed Closed() => FishFor<CycleClosed>();

    private T FishFor<T>()
        where T : Command => (T)((Told)FishForMessage(m => m is Told { Command: T }, Patience)).Command;

    private async Task EndAsync(IActorRef life)
    {
        await WatchAsync(life);
        life.Tell(End.Instance);
        await ExpectTerminatedAsync(life, Patience);
    }

    private sealed class World(LifeActorTests test) : IEffects
    {
        public Task<Command> RunAsync(string instance, Effect effect, CancellationToken cancellationToken) =>
            test._trouble(effect) is { } trouble ? Task.FromException<Command>(trouble) : Task.FromResult(Script.Answer(instance, effect));
    }

    private sealed class Watcher(LifeActorTests test) : IRuntimeObserver
    {
        public void Happened(string instance, string faculty, Event happened) => test._events.Enqueue(happened);

        public void Refused(string instance, string faculty, Command command, string why)
        {
        }

        public void Restarting(string instance, Exception failure, int attempt, TimeSpan pause) => test._restarts.Enqueue((attempt, pause));
    }
}
