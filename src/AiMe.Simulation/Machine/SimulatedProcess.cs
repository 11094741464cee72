using AiMe.Actors;
using AiMe.Actors.Hosting;
using AiMe.EventSourcing;
using Akka.Actor;
using Akka.Hosting;

namespace AiMe.Simulation.Machine;

/// <summary>AiMe's actors in an actor system on a simulated machine, from their start to their end.</summary>
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
                Known = known,
                RetellEvery = machine.Faults.Lost > 0 ? TimeSpan.FromSeconds(1) : null,
                Created = actor => _actors[actor.At] = actor,
            }
        );
        (_instances, _supervisor) = (registry.Get<InstanceActor>(), registry.Get<SupervisorActor>());
        _transport.Instances = _instances;
    }

    /// <summary>What it was given.</summary>
    public SimulatedParts Parts { get; }

    /// <summary>Why it cannot go on, or null.</summary>
    public Exception? Failure => _lifecycle.Failure.IsFaulted ? _lifecycle.Failure.Exception!.InnerException : null;

    /// <summary>Whether it is about to end gently.</summary>
    public bool IsEnding => _ending != ShutdownPhase.NotYet;

    /// <summary>Whether it has ended gently: none of its actors is left.</summary>
    public bool HasEnded => _ending == ShutdownPhase.Supervisor && IsGone(_supervisor);

    /// <summary>Appends under way.</summary>
    public int Appends => _journal.UnderWay;

    internal SimulatedThread Thread => _system.Thread;

    /// <summary>A message from outside, to be taken up when it is drawn.</summary>
    public void Tell(FacultyAddress to, Command command) =>
        _transport.Send(
            SimulatedTransport.Outside,
            new CommandEnvelope(to, command),
            to.Instance == FacultyAddress.Run ? _supervisor : _instances
        );

    /// <summary>
    /// A faculty's state, as far as its actor knows it to be durable; null where it has had no actor. Of one that has
    /// left memory: its last.
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

    /// <summary>Stops one instance, if it is in memory. What it is told meanwhile is lost.</summary>
    internal bool Stop(string instance)
    {
        var actor = ((ActorRefWithCell)_instances).GetSingleChild(instance);
        if (actor.IsNobody())
            return false;
        actor.Tell(FinishAndStop.Instance);
        return true;
    }

    /// <summary>
    /// Ends it gently, as a host does that is stopped: it begins nothing new, and once nothing is in hand its instances
    /// stop, and then its supervisor.
    /// </summary>
    /// <param name="now">Whether nobody waits until nothing is in hand.</param>
    internal void EndGently(bool now)
    {
        _lifecycle.BeginStopping();
        _ending = now ? ShutdownPhase.InHaste : ShutdownPhase.Calming;
    }

    /// <summary>Goes on with its end, as far as it can.</summary>
    internal void GoOnEnding()
    {
        if (_ending == ShutdownPhase.InHaste || _ending == ShutdownPhase.Calming && !_lifecycle.IsWorking)
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
    /// Nothing of it is seen from here on. What was not durable yet is lost, or is durable although nobody was told.
    /// </summary>
    internal void Crash()
    {
        _journal.Abandon();
        End();
    }

    /// <summary>Nothing of it is seen from here on.</summary>
    internal void End()
    {
        (_gone, _transport.IsGone, _effects.IsGone) = (true, true, true);
        _journal.Close();
        _system.Clear(_instances, _supervisor);
    }

    private static bool IsGone(IActorRef actor) =>
#pragma warning disable CS0618 // watching it would take an actor, and messages of its own
        ((IInternalActorRef)actor).IsTerminated;
#pragma warning restore CS0618

    // How far it is with a gentle end.
    private enum ShutdownPhase
    {
        NotYet,

        // Waits until nothing is in hand.
        Calming,

        // Does not wait for that.
        InHaste,

        // Its instances stop.
        Instances,

        // Its supervisor stops.
        Supervisor,
    }
}
