using System.Collections.Concurrent;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Tests;
using AiMe.Journal;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using Akka.TestKit;
using Akka.TestKit.Xunit2;

namespace AiMe.Actors.Tests;

/// <summary>One instance. Its parent is a probe, and so is the supervisor.</summary>
public sealed class InstanceActorTests : TestKit
{
    private readonly TestJournal _journal;
    private readonly HostLifecycle _lifecycle = new();
    private readonly Watcher _watcher = new();
    private readonly TestProbe _parent;
    private readonly TestProbe _supervisor;

    private Action<string, Command> _deciding = (_, _) => { };
    private Func<Effect, Task<Command>> _effects = effect => Task.FromResult(Script.Answer("kept-1", effect));

    public InstanceActorTests()
        : this(new TestJournal()) { }

    private InstanceActorTests(TestJournal journal)
        : base(Systems.Persistent(journal)) => (_journal, _parent, _supervisor) = (journal, CreateTestProbe(), CreateTestProbe());

    [Fact]
    public void An_instance_is_born_and_tells_its_supervisor_with_its_name_and_its_heads()
    {
        Begin(Instance());
        var born = Closed(0);
        (born.Instance, born.Heads.Links.Length).ShouldBe(("kept-1", 5));
        _watcher.Events.Count.ShouldBeGreaterThan(5);
    }

    [Fact]
    public void A_command_that_comes_again_gives_no_event_and_the_same_reply()
    {
        var instance = Instance();
        Begin(instance);
        var (first, events) = (Closed(0), _watcher.Events.Count);
        Begin(instance);
        Closed(0).ShouldBe(first);
        _watcher.Events.Count.ShouldBe(events);
    }

    [Fact]
    public async Task The_next_actor_of_an_instance_recovers_it_and_what_arrives_meanwhile_waits()
    {
        var instance = Instance();
        Begin(instance);
        Closed(0);
        await StopAsync(instance);
        var reading = new TaskCompletionSource();
        _journal.Read = row =>
        {
            reading.Task.Wait(Systems.Patience);
            return row;
        };
        Live(Instance(), 1);
        reading.SetResult();
        Closed(1);
    }

    [Fact]
    public async Task The_events_of_an_instance_have_one_order()
    {
        var instance = Instance();
        Begin(instance);
        Closed(0);
        for (var cycle = 1; cycle <= 4; cycle++)
        {
            Live(instance, cycle);
            Begin(instance); // a repeated command among them
            Closed(cycle);
        }

        var indices = await _journal.IndicesAsync("kept-1");
        indices.ShouldBe(Enumerable.Range(1, indices.Length).Select(i => (long)i));
    }

    [Fact]
    public void A_turn_is_never_given_twice()
    {
        var decided = new ConcurrentQueue<string>();
        var instance = Instance(deciding: true);
        Begin(instance);
        Closed(0);
        var written = Hold();
        _deciding = (faculty, _) => decided.Enqueue(faculty);
        Live(instance, 1);
        AwaitCondition(() => !decided.IsEmpty, Systems.Patience, Systems.Often);
        foreach (var faculty in Loop.Faculties) // each would like to decide, and repeats what it was told
            instance.Tell(
                new CommandEnvelope(new FacultyAddress("kept-1", faculty.Name), faculty.Name == Loop.Self ? BirthOf() : new TryAgain(7))
            );
        Live(instance, 1);
        Settle(instance);
        decided.ToArray().ShouldBe([Loop.Self], "the turn is with the Self until its events are durable");
        written.SetResult();
        Closed(1);
    }

    [Fact]
    public void An_effect_is_begun_once_the_events_that_owe_it_are_durable()
    {
        var (instance, begun) = (Instance(), new ConcurrentQueue<string>());
        Begin(instance);
        Closed(0);
        var written = Hold();
        _effects = effect =>
        {
            begun.Enqueue(effect.Key);
            return Task.FromResult(Script.Answer("kept-1", effect));
        };
        var appends = _journal.Appends.Count;
        Live(instance, 1);
        AwaitCondition(() => _journal.Appends.Count > appends, Systems.Patience, Systems.Often);
        Settle(instance);
        begun.ShouldBeEmpty();
        written.SetResult();
        Closed(1);
        begun.ToArray().ShouldContain("c1 answer 1");
    }

    [Fact]
    public void An_instance_that_keeps_failing_pauses_twice_as_long_each_time_and_is_then_parked()
    {
        _effects = FailsAt("c1 answer 1", new InvalidOperationException("it cannot be"));
        var instance = Instance();
        Begin(instance);
        Closed(0);
        Live(instance, 1);
        var parked = Parked();
        (parked.Instance, parked.Reason).ShouldBe(("kept-1", "InvalidOperationException: it cannot be"));
        _watcher.Restarts.ShouldBe([(1, 10), (2, 20), (3, 25)]);
        _parent.ExpectMsg<Passivate>(Systems.Patience);
    }

    [Fact]
    public void Failures_count_anew_once_there_is_an_event()
    {
        var asked = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        _effects = effect =>
            asked.AddOrUpdate(effect.Key, 1, (_, n) => n + 1) <= 2 && effect is GenerateAnswer
                ? Task.FromException<Command>(new InvalidOperationException("twice each"))
                : Task.FromResult(Script.Answer("kept-1", effect));
        var instance = Instance();
        Begin(instance);
        Closed(0);
        Live(instance, 1);
        Closed(1);
        Live(instance, 2);
        Closed(2);
        _watcher.Restarts.ShouldBe([(1, 10), (2, 20), (1, 10), (2, 20)]);
    }

    [Fact]
    public async Task A_damaged_row_parks_at_once()
    {
        _journal.Read = row =>
            row.PersistenceId.Value.EndsWith("/memory", StringComparison.Ordinal) ? row with { Manifest = "memory.stored@99" } : row;
        var instance = Instance();
        Begin(instance);
        Closed(0);
        await StopAsync(instance);
        Live(Instance(), 1);
        Parked().Reason.ShouldStartWith("CorruptJournalException: journal row ");
        _watcher.Restarts.ShouldBeEmpty();
        _parent.ExpectMsg<Passivate>(Systems.Patience);
    }

    public static TheoryData<Exception> Ends { get; } =
    [
        new SecondWriterException("another process writes"),
        new JournalException("the disk is full"),
        new CorruptBlobException("the blob is damaged"),
        new OutOfMemoryException(),
    ];

    [Theory, MemberData(nameof(Ends))]
    public async Task What_all_instances_need_ends_the_host_at_once_without_a_retry(Exception failure)
    {
        _effects = FailsAt("c1 answer 1", failure);
        var instance = Instance();
        Begin(instance);
        Closed(0);
        await WatchAsync(instance);
        Live(instance, 1);
        (await Should.ThrowAsync<Exception>(() => _lifecycle.Failure.WaitAsync(Systems.Patience))).ShouldBe(failure);
        await ExpectTerminatedAsync(instance, Systems.Patience);
        _watcher.Restarts.ShouldBeEmpty();
        _parent.HasMessages.ShouldBeFalse("nobody brings it back");
    }

    [Fact]
    public async Task A_second_writer_ends_the_host_at_once_without_a_retry()
    {
        var instance = Instance();
        Begin(instance);
        Closed(0);
        await WatchAsync(instance);
        _journal.Before = (_, _) => Task.FromException(new SecondWriterException("sequence number 7 is taken"));
        var appends = _journal.Appends.Count;
        Live(instance, 1);
        (await Should.ThrowAsync<SecondWriterException>(() => _lifecycle.Failure.WaitAsync(Systems.Patience))).Message.ShouldBe(
            "sequence number 7 is taken"
        );
        await ExpectTerminatedAsync(instance, Systems.Patience);
        (_journal.Appends.Count - appends, _watcher.Restarts.Count).ShouldBe((1, 0));
    }

    [Fact]
    public async Task A_failure_on_a_host_that_stops_is_left_to_the_next_host()
    {
        var failed = new TaskCompletionSource<Command>();
        _effects = effect => effect.Key == "c1 answer 1" ? failed.Task : Task.FromResult(Script.Answer("kept-1", effect));
        var instance = Instance();
        Begin(instance);
        Closed(0);
        await WatchAsync(instance);
        Live(instance, 1);
        Settle(instance);
        var idle = _lifecycle.BecomeIdleAsync(CancellationToken.None);
        failed.SetException(new InvalidOperationException("a bug"));
        await ExpectTerminatedAsync(instance, Systems.Patience);
        await idle.WaitAsync(Systems.Patience);
        _watcher.Restarts.ShouldBeEmpty();
        _supervisor.HasMessages.ShouldBeFalse("it is not parked");
    }

    [Fact]
    public async Task On_a_host_that_stops_no_effect_is_begun()
    {
        var begun = new ConcurrentQueue<string>();
        _effects = effect =>
        {
            begun.Enqueue(effect.Key);
            return Task.FromResult(Script.Answer("kept-1", effect));
        };
        var instance = Instance();
        Begin(instance);
        Closed(0);
        var before = begun.Count;
        await _lifecycle.BecomeIdleAsync(CancellationToken.None);
        Live(instance, 1);
        AwaitCondition(() => _watcher.Events.Any(e => e is Prompted { Cycle: 1 } or Heard { Cycle: 1 }), Systems.Patience, Systems.Often);
        Settle(instance);
        begun.Count.ShouldBe(before);
    }

    [Fact]
    public async Task An_effect_that_stays_owed_is_no_failure_and_is_begun_again_when_the_instance_is_recovered()
    {
        var asked = 0;
        _effects = effect =>
            effect.Key == "c1 answer 1" && Interlocked.Increment(ref asked) == 1
                ? Task.FromException<Command>(new StaysOwedException("the budget is used up"))
                : Task.FromResult(Script.Answer("kept-1", effect));
        var instance = Instance();
        Begin(instance);
        Closed(0);
        Live(instance, 1);
        AwaitCondition(() => Volatile.Read(ref asked) == 1 && _lifecycle.IsIdle, Systems.Patience, Systems.Often);
        _watcher.Restarts.ShouldBeEmpty();
        await StopAsync(instance);
        Begin(Instance());
        Closed(1);
        asked.ShouldBe(2);
    }

    [Fact]
    public void A_result_of_an_earlier_incarnation_is_dropped()
    {
        var answers = new ConcurrentQueue<TaskCompletionSource<Command>>();
        Effect? asked = null;
        _effects = effect =>
        {
            if (effect.Key != "c1 answer 1")
                return Task.FromResult(Script.Answer("kept-1", effect));
            asked = effect;
            answers.Enqueue(new TaskCompletionSource<Command>());
            return answers.Last().Task;
        };
        var instance = Instance(deciding: true);
        Begin(instance);
        Closed(0);
        Live(instance, 1);
        AwaitCondition(() => answers.Count == 1, Systems.Patience, Systems.Often);
        var bugs = 0;
        _deciding = (_, command) =>
        {
            if (command is TryAgain && Interlocked.Increment(ref bugs) == 1)
                throw new InvalidOperationException("a bug");
        };
        instance.Tell(new CommandEnvelope(new FacultyAddress("kept-1", Loop.Trainer), new TryAgain(1)));
        AwaitCondition(() => answers.Count == 2, Systems.Patience, Systems.Often);
        var said = Script.Answer("kept-1", asked!);
        answers.First().SetResult(new AnswerFailed(1, 1, "of the earlier incarnation"));
        Settle(instance);
        answers.Last().SetResult(said);
        Closed(1);
        _watcher.Events.ShouldNotContain(e => e is GenerationFailed);
    }

    [Fact]
    public void An_instance_at_rest_asks_its_parent_to_let_it_leave_memory()
    {
        Begin(Instance(TimeSpan.FromMilliseconds(50)));
        Closed(0);
        _parent.ExpectMsg<Passivate>(Systems.Patience).StopMessage.ShouldBe(FinishAndStop.Instance);
    }

    [Fact]
    public async Task What_arrives_while_an_instance_leaves_memory_is_returned_to_its_parent()
    {
        var instance = Instance();
        Begin(instance);
        Closed(0);
        var (written, appends) = (Hold(), _journal.Appends.Count);
        Live(instance, 1);
        AwaitCondition(() => _journal.Appends.Count > appends, Systems.Patience, Systems.Often);
        await WatchAsync(instance);
        instance.Tell(FinishAndStop.Instance);
        instance.Tell(new CommandEnvelope(new FacultyAddress("kept-1", Loop.Self), new TryAgain(1)));
        Settle(instance);
        _parent.HasMessages.ShouldBeFalse("it first finishes what it writes");
        written.SetResult();
        _parent.ExpectMsg<CommandEnvelope>(Systems.Patience).Command.ShouldBeOfType<Live>("what it had in hand is decided again");
        _parent.ExpectMsg<CommandEnvelope>(Systems.Patience).Command.ShouldBe(new TryAgain(1));
        await ExpectTerminatedAsync(instance, Systems.Patience);
    }

    [Fact]
    public async Task What_arrives_once_an_instance_has_asked_to_leave_memory_is_not_begun_but_returned()
    {
        var decided = new ConcurrentQueue<string>();
        var instance = Instance(TimeSpan.FromMilliseconds(50), deciding: true);
        Begin(instance);
        Closed(0);
        _parent.ExpectMsg<Passivate>(Systems.Patience);
        _deciding = (faculty, _) => decided.Enqueue(faculty);
        await WatchAsync(instance);
        Live(instance, 1); // it was on its way: an effect of it would stay owed, and nobody would wake the instance for that
        Settle(instance);
        _lifecycle.IsIdle.ShouldBeFalse("it has something to do");
        instance.Tell(FinishAndStop.Instance);
        _parent.ExpectMsg<CommandEnvelope>(Systems.Patience).Command.ShouldBeOfType<Live>();
        await ExpectTerminatedAsync(instance, Systems.Patience);
        decided.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_parked_instance_does_not_ask_to_be_brought_back()
    {
        _effects = FailsAt("c1 answer 1", new InvalidOperationException("it cannot be"));
        var instance = Instance();
        Begin(instance);
        Closed(0);
        Live(instance, 1);
        Parked();
        _parent.ExpectMsg<Passivate>(Systems.Patience);
        await StopAsync(instance);
        _parent.HasMessages.ShouldBeFalse();
    }

    [Fact]
    public async Task Nothing_resumes_while_an_instance_stops()
    {
        var (instance, decided) = (Instance(deciding: true), new ConcurrentQueue<string>());
        var answer = new TaskCompletionSource<Command>();
        Effect? asked = null;
        Begin(instance);
        Closed(0);
        _effects = effect =>
        {
            if (effect.Key != "c1 answer 1")
                return Task.FromResult(Script.Answer("kept-1", effect));
            asked = effect;
            return answer.Task;
        };
        Live(instance, 1);
        AwaitCondition(() => asked is not null, Systems.Patience, Systems.Often);
        var (written, appends) = (Hold(), _journal.Appends.Count);
        instance.Tell(new CommandEnvelope(new FacultyAddress("kept-1", Loop.Curator), new ChangeCurator([new KeepNone()], new Seed(3)))); // something to write
        AwaitCondition(() => _journal.Appends.Count > appends, Systems.Patience, Systems.Often);
        await WatchAsync(instance);
        instance.Tell(FinishAndStop.Instance);
        _deciding = (faculty, command) => decided.Enqueue($"{faculty} {command.GetType().Name}");
        answer.SetResult(Script.Answer("kept-1", asked!)); // the result of an effect
        Begin(instance); // and a command
        Settle(instance);
        written.SetResult();
        await ExpectTerminatedAsync(instance, Systems.Patience);
        decided.ShouldBeEmpty();
    }

    private IActorRef Instance(TimeSpan? passivateAfter = null, bool deciding = false)
    {
        var options = Systems.Options with { PassivateAfter = passivateAfter ?? Systems.Options.PassivateAfter };
        if (deciding)
            options = options with { Faculties = [.. Loop.Faculties.Select(Watched)] };
        var services = new InstanceServices(options, new Effects(this), _watcher, TimeProvider.System, _lifecycle);
        return _parent.ChildActorOf(
            Props.CreateBy(
                new Producer<InstanceActor>(() => new InstanceActor(services, new Known<SupervisorActor>(_supervisor), "kept-1"))
            )
        );
    }

    private WatchedFaculty Watched(FacultyDefinition faculty) => new(faculty, (_, _, command) => _deciding(faculty.Name, command));

    private static BeginSelf BirthOf() => new(Plans.TwoVariants().Spec(Plans.TwoVariants().Variants[0], 1));

    private static void Begin(IActorRef instance) => instance.Tell(new CommandEnvelope(new FacultyAddress("kept-1", Loop.Self), BirthOf()));

    private static void Live(IActorRef instance, int cycle) =>
        instance.Tell(
            new CommandEnvelope(
                new FacultyAddress("kept-1", Loop.Self),
                new Live(cycle, Some.Epoch.AddMinutes(cycle), Some.Stimulus(cycle))
            )
        );

    private static Func<Effect, Task<Command>> FailsAt(string key, Exception failure) =>
        effect => effect.Key == key ? Task.FromException<Command>(failure) : Task.FromResult(Script.Answer("kept-1", effect));

    // The next append waits.
    private TaskCompletionSource Hold()
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _journal.Before = (_, _) => written.Task;
        return written;
    }

    // An earlier cycle may be told once more before.
    private CycleClosed Closed(int cycle) =>
        (CycleClosed)
            (
                (CommandEnvelope)
                    _supervisor.FishForMessage(
                        m => m is CommandEnvelope { Command: CycleClosed closed } && closed.Cycle == cycle,
                        Systems.Patience
                    )
            ).Command;

    private ParkInstance Parked() =>
        (ParkInstance)
            ((CommandEnvelope)_supervisor.FishForMessage(m => m is CommandEnvelope { Command: ParkInstance }, Systems.Patience)).Command;

    // It has taken all that was told to it when it has answered this.
    private void Settle(IActorRef instance)
    {
        var probe = CreateTestProbe();
        instance.Tell(new Identify(1), probe);
        probe.ExpectMsg<ActorIdentity>(Systems.Patience);
    }

    private async Task StopAsync(IActorRef instance)
    {
        await WatchAsync(instance);
        instance.Tell(FinishAndStop.Instance);
        await ExpectTerminatedAsync(instance, Systems.Patience);
    }

    private sealed class Effects(InstanceActorTests test) : IEffectRunner
    {
        public Task<Command> RunAsync(string instance, Effect effect) => test._effects(effect);
    }
}

/// <summary>An actor that is known from the start.</summary>
internal sealed class Known<TActor>(IActorRef actor) : IRequiredActor<TActor>
{
    public IActorRef ActorRef => actor;

    public Task<IActorRef> GetAsync(CancellationToken cancellationToken = default) => Task.FromResult(actor);
}

/// <summary>Notes what a host does.</summary>
internal sealed class Watcher : IRuntimeObserver
{
    public ConcurrentQueue<Event> Events { get; } = [];

    public ConcurrentQueue<(int Attempt, double Milliseconds)> Restarts { get; } = [];

    public void Happened(string instance, string faculty, Event happened) => Events.Enqueue(happened);

    public void Refused(string instance, string faculty, Command command, string why) { }

    public void Restarting(string instance, Exception failure, int attempt, TimeSpan pause) =>
        Restarts.Enqueue((attempt, pause.TotalMilliseconds));
}
