using AiMe.Actors.Tracing;
using AiMe.EventSourcing;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Hosting;

namespace AiMe.Actors;

/// <summary>An instance: the parent of its five <see cref="FacultyActor"/>s.</summary>
/// <remarks>
/// It gives one turn at a time: a faculty receives a command together with the index and the heads, and the next
/// command follows when the turn has come back. It starts effects once the events that require them are durable. It
/// restarts its faculties together.
/// </remarks>
public sealed partial class InstanceActor : UntypedActor, IWithTimers
{
    private readonly InstanceServices _services;
    private readonly IRequiredActor<SupervisorActor> _supervisor;
    private readonly string _name;
    private readonly Queue<Delivery> _waiting = new();
    private readonly HashSet<(int Stream, string Key)> _begun = [];
    private IActorRef[] _faculties = [];
    private Turn? _turn; // null while a faculty holds it, and before the instance has recovered
    private Delivery? _taken;
    private Phase _phase;
    private int _incarnation;
    private int _facultiesAlive;
    private int _effects;
    private int _failures;
    private Work _work;
    private int _reported; // waiting commands, as the metrics know them
    private long _idleSince;
    private bool _leaving; // its parent was asked to stop it: new commands wait for the next incarnation

    /// <param name="services">Services that the actors of a host share.</param>
    /// <param name="supervisor">The run's supervisor.</param>
    /// <param name="name">The instance's name in its run.</param>
    public InstanceActor(InstanceServices services, IRequiredActor<SupervisorActor> supervisor, string name) =>
        (_services, _supervisor, _name) = (services, supervisor, name);

    private enum Phase
    {
        /// <summary>Its faculties read their events.</summary>
        Recovering,

        /// <summary>It gives turns.</summary>
        Running,

        /// <summary>Its faculties finish what they write, and stop.</summary>
        Stopping,

        /// <summary>It waits before it recovers again.</summary>
        Pausing,
    }

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc />
    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(failure =>
        {
            Self.Tell(new FacultyFailed(failure));
            return Directive.Stop;
        });

    /// <inheritdoc />
    protected override void PreStart()
    {
        _services.Lifecycle.AddResident(1);
        Recover();
        GiveTurn();
    }

    /// <inheritdoc />
    /// <remarks>
    /// A restart in place could write twice, because the faculties may have a write in flight. Therefore the host ends,
    /// and the next one recovers from the journal.
    /// </remarks>
    protected override void PreRestart(Exception reason, object message)
    {
        _services.Lifecycle.Fail(new InvalidOperationException($"The actor of instance {_name} failed: {reason.Message}", reason));
        base.PreRestart(reason, message);
    }

    /// <inheritdoc />
    protected override void PostStop()
    {
        _services.Lifecycle.Change(_work, Work.None);
        _services.Lifecycle.AddResident(-1);
        _services.Spans.Interrupt(_name, "interrupted");
        HostMetrics.Waiting.Add(-_reported);
    }

    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case CommandEnvelope envelope:
                if (!Queue(envelope.To.Faculty, envelope.Command))
                    Unhandled(message);
                break;
            case TurnTaken taken when _phase == Phase.Running:
                Follow(taken);
                break;
            case EffectCompleted completed when completed.Incarnation == _incarnation:
                _effects--;
                _waiting.Enqueue(new Delivery(completed.Stream, completed.Result, completed.Key));
                break;
            case EffectFailed failed when failed.Incarnation == _incarnation:
                _effects--;
                OnEffectFailed(failed.Failure);
                break;
            case Recovered recovered when _phase == Phase.Recovering:
                OnRecovered(recovered);
                break;
            case FacultyFailed failed:
                Fail(failed.Failure);
                break;
            case Terminated terminated:
                OnStopped(terminated.ActorRef);
                break;
            case RecoverAgain when _phase == Phase.Pausing && !_services.Lifecycle.IsStopping:
                Recover();
                break;
            case CheckIdle:
                PassivateIfIdle();
                break;
            case FinishAndStop:
                _afterStop = AfterStop.Stop;
                StopFaculties();
                break;
            case TurnTaken or EffectCompleted or EffectFailed or Recovered or RecoverAgain:
                break; // from before it failed or began to stop
            default:
                Unhandled(message);
                break;
        }

        GiveTurn();
    }

    private bool Queue(string faculty, Command command)
    {
        var stream = _services.StreamOf(faculty);
        if (stream < 0)
            return false;
        _waiting.Enqueue(new Delivery(stream, command, EffectKey: null));
        return true;
    }

    // Sends the next command to its faculty if the turn is here. An instance that is leaving memory starts nothing: it
    // would stay pending, with no message to wake the instance.
    private void GiveTurn()
    {
        if (_phase == Phase.Running && !_leaving && _turn is { } turn && _waiting.TryDequeue(out var next))
        {
            (_taken, _turn) = (next, null);
            _faculties[next.Stream].Tell(new TakeTurn(next.Command, turn));
        }

        if (_waiting.Count != _reported)
            HostMetrics.Waiting.Add(_waiting.Count - _reported);
        _reported = _waiting.Count;
        var work = _phase switch
        {
            Phase.Running when _turn is not null && _effects == 0 && _waiting.Count == 0 => Work.None,
            Phase.Pausing => Work.Pausing,
            _ => Work.Busy,
        };
        if (work == _work)
            return;
        _services.Lifecycle.Change(_work, work);
        _work = work;
        if (work == Work.None)
            _idleSince = _services.Time.GetTimestamp();
    }

    private void Follow(TurnTaken taken)
    {
        var (stream, key) = (_taken!.Stream, _taken.EffectKey);
        (_turn, _taken) = (taken.Turn, null);
        if (taken.Progressed)
            _failures = 0;
        if (key is not null)
            _begun.Remove((stream, key));
        foreach (var effect in taken.Effects)
            Run(stream, effect);
    }

    private void Run(int stream, Effect effect)
    {
        if (effect is not Tell tell)
            Begin(stream, effect);
        else if (tell.To.Instance != FacultyAddress.Here && tell.To.Instance != _name)
            _services.Transport.Send(_name, new CommandEnvelope(tell.To, Stamp(tell.Command)), _supervisor.ActorRef);
        else if (_services.Transport.CarriesWithinInstance)
            _services.Transport.Send(_name, new CommandEnvelope(tell.To with { Instance = _name }, tell.Command), Self);
        else
            Queue(tell.To.Faculty, tell.Command);
    }

    // Commands to other instances carry the heads as they are after the events of the turn.
    private Command Stamp(Command command) => command is IStamped stamped ? stamped.Stamp(_name, _turn!.Heads) : command;

    // A running effect is not started twice. A stopping host starts none: it stays pending, and the next recovery finds
    // it.
    private void Begin(int stream, Effect effect)
    {
        if (_services.Lifecycle.IsStopping || !_begun.Add((stream, effect.Key)))
            return;
        _effects++;
        var (incarnation, key) = (_incarnation, effect.Key);
        _ = _services
            .Effects.RunAsync(_name, effect)
            .PipeTo(
                Self,
                success: result => new EffectCompleted(incarnation, stream, key, result),
                failure: failure => new EffectFailed(incarnation, stream, key, failure)
            );
    }

    private void PassivateIfIdle()
    {
        var after = _services.PassivateAfter;
        var idle = _work != Work.None ? TimeSpan.Zero : _services.Time.GetElapsedTime(_idleSince);
        if (idle < after)
        {
            Timers.StartSingleTimer(CheckIdle.Instance, CheckIdle.Instance, after - idle);
            return;
        }

        _leaving = true;
        Context.Parent.Tell(new Passivate(FinishAndStop.Instance));
    }

    /// <summary>A queued command for a faculty.</summary>
    /// <param name="EffectKey">Key of the effect that the command answers; null for a message.</param>
    private sealed record Delivery(int Stream, Command Command, string? EffectKey);

    /// <summary>To itself: leave memory if the instance has been idle for long enough.</summary>
    internal sealed record CheckIdle : INoSerializationVerificationNeeded
    {
        public static readonly CheckIdle Instance = new();
    }
}
