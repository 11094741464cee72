using AiMe.EventSourcing;
using AiMe.Journal;
using Akka.Actor;
using Akka.Cluster.Sharding;

namespace AiMe.Actors;

// How an instance recovers, fails and comes back: after a pause, with all faculties read again; or it is parked; or the
// host ends.
public sealed partial class InstanceActor
{
    private readonly List<(int Stream, Effect Effect)> _pending = [];
    private Landing _landing;
    private Link[] _heads = [];
    private long _index;
    private int _recovered;
    private Exception? _failure;

    /// <summary>What becomes of the instance once its faculties have stopped.</summary>
    private enum Landing
    {
        /// <summary>It recovers, after a pause where it failed.</summary>
        Recover,

        /// <summary>The supervisor is told that it keeps failing, and it leaves memory.</summary>
        Park,

        /// <summary>It stops.</summary>
        Stop,
    }

    private void Recover()
    {
        _phase = Phase.Recovering;
        _incarnation++;
        _landing = Landing.Recover;
        _failure = null;
        _recovered = 0;
        _effects = 0;
        _index = 0;
        _turn = null;
        _begun.Clear();
        _pending.Clear();
        _heads = new Link[_services.Options.Faculties.Length];
        _faculties = new IActorRef[_heads.Length];
        var writer = _services.NewWriter();
        for (var i = 0; i < _faculties.Length; i++)
        {
            var faculty = _services.Options.Faculties[i].Name;
            _faculties[i] = Context.Watch(Context.ActorOf(FacultyProps.Of(_services, _name, faculty, writer), faculty));
        }

        _running = _faculties.Length;
    }

    private void OnRecovered(Recovered recovered)
    {
        _heads[recovered.Stream] = recovered.Head;
        _index = Math.Max(_index, recovered.Index);
        foreach (var effect in recovered.Pending)
            _pending.Add((recovered.Stream, effect));
        if (++_recovered < _faculties.Length)
            return;
        _phase = Phase.Running;
        _turn = new Turn(_index, new Heads([.. _heads]));
        foreach (var (stream, effect) in _pending.OrderBy(p => p.Stream).ToArray())
            Run(stream, effect);
        _pending.Clear();
        Timers.StartSingleTimer(LookIdle.Instance, LookIdle.Instance, _services.PassivateAfter);
    }

    private void OnEffectFailed(Exception failure)
    {
        if (failure is StaysOwedException || failure is OperationCanceledException && _services.Lifecycle.IsStopping)
            return; // it stays marked as begun: when the instance is next recovered, Pending finds it again
        Fail(failure);
    }

    private void Fail(Exception failure)
    {
        var endsTheHost = HostFailure.EndsTheHost(failure);
        if (endsTheHost)
            _services.Lifecycle.Fail(failure);
        if (_phase is Phase.Stopping or Phase.Pausing)
            return; // the instance is already being stopped
        _failure = failure;
        if (endsTheHost)
        {
            _landing = Landing.Stop;
        }
        else if (_services.Lifecycle.IsStopping)
        {
            _landing = Landing.Stop; // as the journal has it: the next host goes on
        }
        else
        {
            // What is written will not read better a second time.
            _landing = failure is CorruptJournalException || ++_failures > _services.Options.Restarts ? Landing.Park : Landing.Recover;
        }

        StopFaculties();
    }

    // Each finishes what it writes first, so that no write is in flight when the instance is read again, or owned by
    // another.
    private void StopFaculties()
    {
        if (_phase == Phase.Pausing)
        {
            Land();
            return;
        }

        _phase = Phase.Stopping;
        _incarnation++; // results of effects are of no use any more
        PutBack();
        foreach (var faculty in _faculties)
            faculty.Tell(FinishAndStop.Instance);
        if (_running == 0)
            Land();
    }

    // The command that a faculty had in hand is decided again; one that has taken effect gives no events a second time.
    private void PutBack()
    {
        if (_taken is not { } taken)
            return;
        _taken = null;
        Delivery[] behind = [.. _waiting];
        _waiting.Clear();
        _waiting.Enqueue(taken with { EffectKey = null });
        foreach (var delivery in behind)
            _waiting.Enqueue(delivery with { EffectKey = null });
    }

    private void OnStopped(IActorRef faculty)
    {
        if (Array.IndexOf(_faculties, faculty) < 0)
            return;
        _running--;
        if (_phase is Phase.Running or Phase.Recovering)
            Fail(new InvalidOperationException($"A faculty of {_name} stopped by itself: {faculty.Path.Name}."));
        else if (_running == 0)
            Land();
    }

    private void Land()
    {
        switch (_landing)
        {
            case Landing.Stop:
                ReturnWaiting();
                Context.Stop(Self);
                break;
            case Landing.Park:
                _phase = Phase.Stopping;
                _waiting.Clear();
                _services.Transport.Send(
                    _name,
                    new CommandEnvelope(
                        FacultyAddress.Supervisor,
                        _services.Options.Park(_name, FailedElsewhereException.Describe(_failure!))
                    ),
                    _supervisor.ActorRef
                );
                Context.Parent.Tell(new Passivate(FinishAndStop.Instance)); // a later message, such as another try, brings it back
                break;
            default:
                var pause = _services.Options.PauseBefore(_failures);
                _services.Observer.Restarting(_name, _failure!, _failures, pause);
                _phase = Phase.Pausing;
                Timers.StartSingleTimer(RecoverAgain.Instance, RecoverAgain.Instance, pause);
                break;
        }
    }

    // What came while it was about to leave memory: its parent brings it back for that. A host that stops finds all of
    // it again by what is owed.
    private void ReturnWaiting()
    {
        while (!_services.Lifecycle.IsStopping && _waiting.TryDequeue(out var delivery))
            Context.Parent.Tell(
                new CommandEnvelope(new FacultyAddress(_name, _services.Options.Faculties[delivery.Stream].Name), delivery.Command)
            );
    }

    private sealed record RecoverAgain : INoSerializationVerificationNeeded
    {
        public static readonly RecoverAgain Instance = new();
    }
}
