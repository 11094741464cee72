using AiMe.Actors;
using AiMe.Actors.Hosting;
using AiMe.EventSourcing;
using Akka.Actor;
using Akka.Hosting;

namespace AiMe.Simulation.Machine;

/// <summary>AiMe's actors in an actor system on a simulated machine: one process, from start to end.</summary>
public sealed class SimulatedProcess : IRuntimeObserver
{
    private readonly Dictionary<FacultyAddress, DeciderActor> _actors = [];
    private readonly HostLifecycle _lifecycle = new();
    private readonly SimulatedSystem _system;
    private readonly SimulatedJournal _journal;
    private readonly SimulatedTransport _transport;
    private readonly SimulatedEffectRunner _effects;
    private readonly IActorRef _instances;
    private readonly IActorRef _supervisor;
    private bool _gone;
    private ShutdownPhase _ending;

    internal SimulatedProcess(
        SimulatedMachine machine,
        HostSettings options,
        RowCache? known,
        Func<SimulatedJournal, SimulatedParts> parts,
        Action<string, Exception> failed
    )
    {
        _journal = new SimulatedJournal(machine);
        Parts = parts(_journal);
        _system = SimulatedSystem.For(machine, options, Parts, known, failed);
        _journal.Thread = _system.Thread;
        _transport = new SimulatedTransport(machine, _system.Thread);
        _effects = new SimulatedEffectRunner(Parts.Effects, _system.Thread, _lifecycle.Cancelled);
        var registry = new ActorRegistry();
        InstanceHosting.PlaceAlone(
            _system.Actors,
            registry,
            new InstanceServices(options, _effects, this, machine.Clock, _lifecycle)
            {
                Transport = _transport,
                Rows = known,
                WritesSnapshotsLate = true,
                ResendEvery = machine.Faults.Lost > 0 ? TimeSpan.FromSeconds(1) : null,
                Created = actor => _actors[actor.At] = actor,
            }
        );
        (_instances, _supervisor) = (registry.Get<InstanceActor>(), registry.Get<SupervisorActor>());
        _transport.Instances = _instances;
    }

    /// <summary>Its dependencies.</summary>
    public SimulatedParts Parts { get; }

    /// <summary>Why it cannot continue, or null.</summary>
    public Exception? Failure => _lifecycle.Failure.IsFaulted ? _lifecycle.Failure.Exception!.InnerException : null;

    /// <summary>Whether it is shutting down gracefully.</summary>
    public bool IsEnding => _ending != ShutdownPhase.NotYet;

    /// <summary>Whether it has shut down gracefully: none of its actors is left.</summary>
    public bool HasEnded => _ending == ShutdownPhase.Supervisor && IsGone(_supervisor);

    /// <summary>Number of appends in flight.</summary>
    public int Appends => _journal.UnderWay;

    internal SimulatedThread Thread => _system.Thread;

    /// <summary>Sends a message from outside.</summary>
    public void Tell(FacultyAddress to, Command command) =>
        _transport.Send(
            SimulatedTransport.Outside,
            new CommandEnvelope(to, command),
            to.Instance == FacultyAddress.Run ? _supervisor : _instances
        );

    /// <summary>
    /// A faculty's durable state, as its actor knows it (of one that has left memory, the last); null if it has had no
    /// actor.
    /// </summary>
    public StreamState? StateOf(FacultyAddress at) => _actors.GetValueOrDefault(at)?.Current;

    void IRuntimeObserver.Happened(string instance, string faculty, Event happened)
    {
        if (!_gone)
            Parts.Observer.Happened(instance, faculty, happened);
    }

    void IRuntimeObserver.Refused(string instance, string faculty, Command command, string why)
    {
        if (!_gone)
            Parts.Observer.Refused(instance, faculty, command, why);
    }

    void IRuntimeObserver.Restarting(string instance, Exception failure, int attempt, TimeSpan pause)
    {
        if (!_gone)
            Parts.Observer.Restarting(instance, failure, attempt, pause);
    }

    /// <summary>Stops one instance, if it is in memory. Messages to it are lost meanwhile.</summary>
    internal bool Stop(string instance)
    {
        var actor = ((ActorRefWithCell)_instances).GetSingleChild(instance);
        if (actor.IsNobody())
            return false;
        actor.Tell(FinishAndStop.Instance);
        return true;
    }

    /// <summary>
    /// Starts a graceful shutdown: no new work starts, and once no work is in progress the instances stop, then the
    /// supervisor.
    /// </summary>
    /// <param name="now">Whether to stop the instances without waiting for the work in progress.</param>
    internal void BeginShutdown(bool now)
    {
        _lifecycle.BeginStopping();
        _ending = now ? ShutdownPhase.Immediate : ShutdownPhase.Draining;
    }

    /// <summary>Continues the shutdown as far as possible.</summary>
    internal void ContinueShutdown()
    {
        if (_ending == ShutdownPhase.Immediate || _ending == ShutdownPhase.Draining && !_lifecycle.IsWorking)
        {
            _ending = ShutdownPhase.Instances;
            _instances.Tell(FinishAndStop.Instance);
        }
        else if (_ending == ShutdownPhase.Instances && IsGone(_instances))
        {
            _ending = ShutdownPhase.Supervisor;
            _supervisor.Tell(FinishAndStop.Instance);
        }
    }

    /// <summary>
    /// The process has no effect from here on. Appends in flight are lost, or become durable without acknowledgement.
    /// </summary>
    internal void Crash()
    {
        _journal.Abandon();
        End();
    }

    /// <summary>The process has no effect from here on.</summary>
    internal void End()
    {
        (_gone, _transport.IsGone, _effects.IsGone) = (true, true, true);
        _journal.Close();
        _system.Clear(_instances, _supervisor);
    }

    private static bool IsGone(IActorRef actor) =>
#pragma warning disable CS0618 // watching it would need an actor and additional messages
        ((IInternalActorRef)actor).IsTerminated;
#pragma warning restore CS0618

    // Phases of a graceful shutdown.
    private enum ShutdownPhase
    {
        NotYet,

        // Waits until no work is in progress.
        Draining,

        // Stops the instances without waiting.
        Immediate,

        // Its instances stop.
        Instances,

        // Its supervisor stops.
        Supervisor,
    }
}
