using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Simulation.Machine;
using Akka.Actor;

namespace AiMe.Simulation.Tests;

/// <summary>The actor system on a simulated machine: one thread, virtual time, and nothing of one process in the next.</summary>
public sealed class SimulatedSystemTests
{
    [Fact]
    public void A_message_that_is_told_from_another_thread_is_refused_and_ends_the_run()
    {
        var machine = Machine();
        var system = SystemOn(machine);
        var actor = system.Actors.ActorOf(Props.Create(() => new Echo()));
        system.Thread.RunAll();
        OnAnotherThread(() => system.Thread.Add(() => { })).ShouldNotBeNull().ToString().ShouldContain("its seed would not reproduce");
        OnAnotherThread(() => actor.Tell("hello")); // Akka takes the exception for the actor's
        system.Thread.Ready.ShouldBe(0);
        Should.Throw<InvalidOperationException>(() => system.Thread.Step()).Message.ShouldContain("its seed would not reproduce");
    }

    [Fact]
    public void Every_dispatcher_runs_on_the_one_thread()
    {
        var machine = Machine();
        var system = SystemOn(machine);
        string[] dispatchers =
        [
            "akka.actor.default-dispatcher",
            "akka.actor.internal-dispatcher",
            "akka.actor.default-blocking-io-dispatcher",
            "aime.model-dispatcher",
        ];
        foreach (var dispatcher in dispatchers)
            system.Actors.Dispatchers.Lookup(dispatcher).Schedule(() => { });
        system.Thread.Ready.ShouldBe(dispatchers.Length);
    }

    [Fact]
    public void Akkas_timers_fire_in_virtual_time()
    {
        var machine = Machine();
        var system = SystemOn(machine);
        var fired = new List<TimeSpan>();
        system.Actors.Scheduler.Advanced.ScheduleOnce(TimeSpan.FromHours(2), () => fired.Add(machine.Clock.Elapsed));
        var cancelled = new Cancelable(system.Actors.Scheduler);
        system.Actors.Scheduler.Advanced.ScheduleOnce(TimeSpan.FromHours(1), () => fired.Add(TimeSpan.Zero), cancelled);
        cancelled.Cancel();
        while (machine.Clock.Fire()) { }

        fired.ShouldBe([TimeSpan.FromHours(2)]);
    }

    [Fact]
    public void A_system_is_used_again_once_the_actors_of_the_process_before_are_gone()
    {
        var first = SystemOn(Machine());
        var left = first.Actors.ActorOf(Props.Create(() => new Echo()), "echo");
        first.Thread.RunAll();
        first.Clear(left);
        var second = SystemOn(Machine());
        second.ShouldBeSameAs(first);
        second.Actors.ActorOf(Props.Create(() => new Echo()), "echo");
        second.Thread.RunAll();
        second.Clear();
        SystemOn(Machine()).ShouldNotBeSameAs(second, "an actor of the process before is still there");
    }

    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    public void A_seed_gives_the_same_order_on_a_new_system_and_on_one_that_has_seen_others(long seed)
    {
        var simulator = new Simulator(new SimulationOptions());
        var fresh = OnANewThread(() => simulator.Try(seed, record: false).Order);
        var used = OnANewThread(() =>
        {
            for (var other = 100; other < 110; other++)
                simulator.Try(other, record: false);
            return simulator.Try(seed, record: false).Order;
        });
        used.ShouldBe(fresh);
    }

    private static SimulatedMachine Machine() => new(new Seed(1), SimulatedFaults.None, record: false);

    private static SimulatedSystem SystemOn(SimulatedMachine machine)
    {
        var journal = new SimulatedJournal(machine);
        var options = new HostSettings
        {
            Run = "test",
            Writer = new WriterId("w"),
            Faculties = Loop.Faculties,
            Supervisor = Loop.Supervision,
            Codec = FacultyEvents.Codec,
            Park = (instance, reason) => new ParkInstance(instance, reason),
        };
        return SimulatedSystem.For(machine, options, new SimulatedParts(journal, null, null!, null!), known: null, (_, _) => { });
    }

    private static Exception? OnAnotherThread(Action work) => OnANewThread(() => Record.Exception(work));

    private static T OnANewThread<T>(Func<T> work)
    {
        var (result, failure) = (default(T), (Exception?)null);
        var thread = new Thread(() =>
        {
            try
            {
                result = work();
            }
            catch (Exception e) // thrown again below
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? result! : throw new InvalidOperationException("The other thread failed.", failure);
    }

    private sealed class Echo : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message);
    }
}
