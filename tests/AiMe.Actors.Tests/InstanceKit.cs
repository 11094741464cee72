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
using Akka.Event;
using Akka.Hosting;
using Akka.TestKit;
using Akka.TestKit.Xunit2;

namespace AiMe.Actors.Tests;

/// <summary>Tests of one instance. Its parent is a probe, and so is the supervisor.</summary>
public abstract class InstanceKit : TestKit
{
    private protected InstanceKit()
        : this(new TestJournal()) { }

    private InstanceKit(TestJournal journal)
        : base(Systems.Persistent(journal)) => Journal = journal;

    private protected static HostSettings Restless => Systems.Options with { PassivateAfter = TimeSpan.FromMilliseconds(50) };

    private protected TestJournal Journal { get; }

    private protected HostLifecycle Lifecycle { get; } = new();

    private protected Watcher Watcher { get; } = new();

    private protected TestProbe Parent => field ??= CreateTestProbe();

    private protected TestProbe Supervisor => field ??= CreateTestProbe();

    /// <summary>Called with each faculty and command before it is decided.</summary>
    private protected Action<string, Command> Deciding { get; set; } = (_, _) => { };

    /// <summary>Called with the faculty before an event is folded.</summary>
    private protected Action<string> Evolving { get; set; } = _ => { };

    /// <summary>What effects result in.</summary>
    private protected Func<Effect, Task<Command>> Effects { get; set; } = effect => Task.FromResult(Script.Answer("kept-1", effect));

    /// <summary>An instance whose faculties show what they decide and fold.</summary>
    private protected IActorRef Instance(HostSettings? options = null)
    {
        options ??= Systems.Options;
        var services = new InstanceServices(
            options with
            {
                Faculties = [.. Loop.Faculties.Select(Watched)],
            },
            new EffectsOf(this),
            Watcher,
            TimeProvider.System,
            Lifecycle
        );
        var supervisor = new Known<SupervisorActor>(Supervisor);
        return Parent.ChildActorOf(
            Props.CreateBy(new Producer<InstanceActor>(() => new InstanceActor(services, supervisor, "kept-1"))),
            SupervisorStrategy.DefaultStrategy
        );
    }

    private WatchedFaculty Watched(FacultyDefinition faculty) =>
        new(faculty, (_, _, command) => Deciding(faculty.Name, command), (_, _) => Evolving(faculty.Name));

    private protected static BeginSelf BirthOf() => new(Plans.TwoVariants().Spec(Plans.TwoVariants().Variants[0], 1));

    private protected static void Begin(IActorRef instance) =>
        instance.Tell(new CommandEnvelope(new FacultyAddress("kept-1", Loop.Self), BirthOf()));

    private protected static void Live(IActorRef instance, int cycle) =>
        instance.Tell(
            new CommandEnvelope(
                new FacultyAddress("kept-1", Loop.Self),
                new Live(cycle, Some.Epoch.AddMinutes(cycle), Some.Stimulus(cycle))
            )
        );

    private protected static Func<Effect, Task<Command>> FailsAt(string key, Exception failure) =>
        effect => effect.Key == key ? Task.FromException<Command>(failure) : Task.FromResult(Script.Answer("kept-1", effect));

    // The next append waits.
    private protected TaskCompletionSource Hold()
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Journal.Before = (_, _) => written.Task;
        return written;
    }

    // An earlier cycle may be told once more before.
    private protected CycleClosed Closed(int cycle) =>
        (CycleClosed)
            (
                (CommandEnvelope)
                    Supervisor.FishForMessage(
                        m => m is CommandEnvelope { Command: CycleClosed closed } && closed.Cycle == cycle,
                        Systems.Patience
                    )
            ).Command;

    private protected ParkInstance Parked() =>
        (ParkInstance)
            ((CommandEnvelope)Supervisor.FishForMessage(m => m is CommandEnvelope { Command: ParkInstance }, Systems.Patience)).Command;

    // It has taken all that was told to it when it has answered this.
    private protected void Settle(IActorRef instance)
    {
        var probe = CreateTestProbe();
        instance.Tell(new Identify(1), probe);
        probe.ExpectMsg<ActorIdentity>(Systems.Patience);
    }

    private protected async Task StopAsync(IActorRef instance)
    {
        await WatchAsync(instance);
        instance.Tell(FinishAndStop.Instance);
        await ExpectTerminatedAsync(instance, Systems.Patience);
    }

    // Messages that nobody took.
    private protected TestProbe Unhandled()
    {
        var probe = CreateTestProbe();
        Sys.EventStream.Subscribe(probe, typeof(UnhandledMessage));
        return probe;
    }

    private sealed class EffectsOf(InstanceKit test) : IEffectRunner
    {
        public Task<Command> RunAsync(string instance, Effect effect) => test.Effects(effect);
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

    /// <summary>Called at every restart.</summary>
    public Action Noticing { get; set; } = () => { };

    public void Happened(string instance, string faculty, Event happened) => Events.Enqueue(happened);

    public void Refused(string instance, string faculty, Command command, string why) { }

    public void Restarting(string instance, Exception failure, int attempt, TimeSpan pause)
    {
        Noticing();
        Restarts.Enqueue((attempt, pause.TotalMilliseconds));
    }
}
