using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Tests;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;

namespace AiMe.Actors.Tests;

/// <summary>The supervisor of a run. All instances are one probe, and time passes when a test says so.</summary>
public sealed class SupervisorActorTests : TestKit
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    private readonly TestJournal _journal;
    private readonly HostLifecycle _lifecycle = new();
    private readonly Watcher _watcher = new();
    private readonly TestProbe _instances;
    private Action<Command> _deciding = _ => { };

    public SupervisorActorTests()
        : this(new TestJournal()) { }

    private SupervisorActorTests(TestJournal journal)
        : base(
            Systems.Persistent(journal, Systems.Silent + ", akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"")
        ) => (_journal, _instances) = (journal, CreateTestProbe());

    [Fact]
    public void A_run_that_is_started_wakes_its_instances()
    {
        Supervisor().Tell(Envelope(new StartRun(Plans.TwoVariants())));
        Woken().ShouldBe(["frozen-1", "frozen-2", "kept-1", "kept-2"]);
    }

    [Fact]
    public void Commands_that_arrive_during_a_write_are_made_durable_together_after_it()
    {
        var supervisor = Supervisor();
        var written = Hold();
        supervisor.Tell(Envelope(new StartRun(Plans.TwoVariants())));
        AwaitCondition(() => _journal.Appends.Count == 1, Systems.Patience, Systems.Often);
        foreach (var instance in (string[])["kept-1", "kept-2", "frozen-1"])
            supervisor.Tell(Envelope(Closed(instance)));
        Settle(supervisor);
        _instances.HasMessages.ShouldBeFalse("nothing is told before it is durable");
        _lifecycle.IsIdle.ShouldBeFalse();
        written.SetResult();
        AwaitCondition(() => _watcher.Events.OfType<InstanceAdvanced>().Count() == 3, Systems.Patience, Systems.Often);
        _journal.Appends.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_decision_that_throws_ends_the_host_and_those_before_it_are_kept()
    {
        var supervisor = Supervisor();
        supervisor.Tell(Envelope(new StartRun(Plans.TwoVariants())));
        Woken();
        var written = Hold();
        supervisor.Tell(Envelope(Closed("kept-1")));
        AwaitCondition(() => _journal.Appends.Count == 2, Systems.Patience, Systems.Often);
        _deciding = command =>
        {
            if (command is CycleClosed { Instance: "kept-2" })
                throw new InvalidOperationException("a bug");
        };
        foreach (var instance in (string[])["frozen-1", "kept-2", "frozen-2"])
            supervisor.Tell(Envelope(Closed(instance)));
        Settle(supervisor);
        written.SetResult();
        (await Should.ThrowAsync<InvalidOperationException>(() => _lifecycle.Failure.WaitAsync(Systems.Patience))).Message.ShouldBe(
            "a bug"
        );
        _watcher.Events.OfType<InstanceAdvanced>().Select(e => e.Instance).ShouldBe(["kept-1", "frozen-1"]);
    }

    [Fact]
    public async Task A_write_that_fails_ends_the_host()
    {
        _journal.Before = (_, _) => Task.FromException(new SecondWriterException("sequence number 1 is taken"));
        Supervisor().Tell(Envelope(new StartRun(Plans.TwoVariants())));
        await Should.ThrowAsync<SecondWriterException>(() => _lifecycle.Failure.WaitAsync(Systems.Patience));
        _instances.HasMessages.ShouldBeFalse();
    }

    [Fact]
    public void What_it_owes_is_told_again_after_the_second_interval_and_then_after_twice_as_long_each_time()
    {
        var supervisor = Supervisor(resends: true);
        supervisor.Tell(Envelope(new StartRun(Plans.TwoVariants())));
        Woken();
        var told = new List<int>();
        for (var interval = 1; interval <= 20; interval++)
        {
            Pass(supervisor);
            if (!_instances.HasMessages)
                continue;
            Woken();
            told.Add(interval);
        }

        told.ShouldBe([2, 4, 8, 16]);
    }

    [Fact]
    public void When_a_node_came_or_went_it_tells_again_at_once()
    {
        var supervisor = Supervisor(resends: true);
        supervisor.Tell(Envelope(new StartRun(Plans.TwoVariants())));
        Woken();
        Pass(supervisor);
        _instances.HasMessages.ShouldBeFalse();
        Sys.EventStream.Publish(ResendAll.Instance);
        Woken();
    }

    [Fact]
    public void What_is_answered_is_not_told_again()
    {
        var supervisor = Supervisor(resends: true);
        supervisor.Tell(Envelope(new StartRun(Plans.TwoVariants())));
        Woken();
        foreach (var instance in (string[])["kept-1", "kept-2", "frozen-1", "frozen-2"])
            supervisor.Tell(Envelope(Closed(instance)));
        _instances.ReceiveN(4, Systems.Patience).Cast<CommandEnvelope>().ShouldAllBe(e => e.Command is Live);
        for (var interval = 1; interval <= 4; interval++)
            Pass(supervisor);
        _instances.ReceiveN(8, Systems.Patience).Cast<CommandEnvelope>().ShouldAllBe(e => e.Command is Live, "the birth is over");
    }

    [Fact]
    public async Task It_finishes_what_it_writes_before_it_stops()
    {
        var supervisor = Supervisor();
        var written = Hold();
        supervisor.Tell(Envelope(new StartRun(Plans.TwoVariants())));
        AwaitCondition(() => _journal.Appends.Count == 1, Systems.Patience, Systems.Often);
        await WatchAsync(supervisor);
        supervisor.Tell(FinishAndStop.Instance);
        Settle(supervisor);
        HasMessages.ShouldBeFalse();
        written.SetResult();
        await ExpectTerminatedAsync(supervisor, Systems.Patience);
        _watcher.Events.ShouldContain(e => e is RunPlanned);
    }

    private IActorRef Supervisor(bool resends = false)
    {
        var options = Systems.Options with { Supervisor = new WatchedFaculty(Loop.Supervision, (_, _, command) => _deciding(command)) };
        var services = new InstanceServices(options, null!, _watcher, TimeProvider.System, _lifecycle)
        {
            ResendEvery = resends ? Interval : null,
        };
        var supervisor = Sys.ActorOf(
            Props.CreateBy(new Producer<SupervisorActor>(() => new SupervisorActor(services, new Known<InstanceActor>(_instances)))),
            "supervisor"
        );
        Settle(supervisor);
        return supervisor;
    }

    private static CommandEnvelope Envelope(Command command) => new(FacultyAddress.Supervisor, command);

    private static CycleClosed Closed(string instance) => new(instance, 0, "", 0, Some.Heads);

    private ImmutableArray<string> Woken()
    {
        var told = _instances.ReceiveN(4, Systems.Patience).Cast<CommandEnvelope>().ToArray();
        told.ShouldAllBe(e => e.Command is BeginSelf);
        return [.. told.Select(e => e.To.Instance).Order(StringComparer.Ordinal)];
    }

    private TaskCompletionSource Hold()
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _journal.Before = (_, _) => written.Task;
        return written;
    }

    private void Pass(IActorRef supervisor)
    {
        ((TestScheduler)Sys.Scheduler).Advance(Interval);
        Settle(supervisor);
    }

    private void Settle(IActorRef supervisor)
    {
        var probe = CreateTestProbe();
        supervisor.Tell(new Identify(1), probe);
        probe.ExpectMsg<ActorIdentity>(Systems.Patience);
    }
}
