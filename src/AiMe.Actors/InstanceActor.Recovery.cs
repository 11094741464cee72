using AiMe.Actors.Tracing;
using AiMe.EventSourcing;
using AiMe.Journal;
using Akka.Actor;
using Akka.Cluster.Sharding;

namespace AiMe.Actors;

// How an instance recovers and fails: it recovers all its faculties after a pause, it is parked, or the host ends.
public sealed partial class InstanceActor
{
    private readonly List<(int Stream, Effect Effect)> _pending = [];
    private AfterStop _afterStop;
    private Link[] _heads = [];
    private long _index;
    private int _recovered;
    private Exception? _failure;

    /// <summary>What happens to the instance once its faculties have stopped.</summary>
    private enum AfterStop
    {
        /// <summary>It recovers; if it failed, after a pause.</summary>
        Recover,

        /// <summary>It is reported to the supervisor as failing, and leaves memory.</summary>
        Park,

        /// <summary>It stops.</summary>
        Stop,
    }

    private void Recover()
    {
        _phase = Phase.Recovering;
        _incarnation++;
        _afterStop = AfterStop.Recover;
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

        _facultiesAlive = _faculties.Length;
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
        Timers.StartSingleTimer(CheckIdle.Instance, CheckIdle.Instance, _services.PassivateAfter);
    }

    private void OnEffectFailed(Exception failure)
    {
        if (failure is StaysOwedException || failure is OperationCanceledException && _services.Lifecycle.IsStopping)
            return; // it stays marked as begun; the next recovery of the instance finds it in Pending
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
            _afterStop = AfterStop.Stop;
        }
        else if (_services.Lifecycle.IsStopping)
        {
            _afterStop = AfterStop.Stop; // the next host continues from the journal
        }
        else
        {
            // A corrupt journal will not read better a second time.
            _afterStop =
                failure is CorruptJournalException || ++_failures > _services.Options.Restarts ? AfterStop.Park : AfterStop.Recover;
        }

        StopFaculties();
    }

    // Each faculty finishes its write first, so that no write is in flight when the instance is recovered, here or
    // elsewhere.
    private void StopFaculties()
    {
        if (_phase == Phase.Pausing)
        {
            OnFacultiesStopped();
            return;
        }

        _phase = Phase.Stopping;
        _incarnation++; // results of running effects are ignored from now on
        RequeueTaken();
        foreach (var faculty in _faculties)
            faculty.Tell(FinishAndStop.Instance);
        if (_facultiesAlive == 0)
            OnFacultiesStopped();
    }

    // The command that a faculty has taken is decided again. If it had taken effect, it yields no events the second
    // time.
    private void RequeueTaken()
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
        _facultiesAlive--;
        if (_phase is Phase.Running or Phase.Recovering)
            Fail(new InvalidOperationException($"A faculty of {_name} stopped unexpectedly: {faculty.Path.Name}."));
        else if (_facultiesAlive == 0)
            OnFacultiesStopped();
    }

    private void OnFacultiesStopped()
    {
        if (_failure is { } failure)
        {
            _services.Spans.Interrupt(_name, failure.GetType().FullName!);
            HostMetrics.CountRestart(failure);
        }

        switch (_afterStop)
        {
            case AfterStop.Stop:
                ReturnWaiting();
                Context.Stop(Self);
                break;
            case AfterStop.Park:
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
                Context.Parent.Tell(new Passivate(FinishAndStop.Instance)); // a later message, such as a retry, brings it back
                break;
            default:
                var pause = _services.Options.PauseBefore(_failures);
                _services.Observer.Restarting(_name, _failure!, _failures, pause);
                _phase = Phase.Pausing;
                Timers.StartSingleTimer(RecoverAgain.Instance, RecoverAgain.Instance, pause);
                break;
        }
    }

    // Messages that arrived while the instance was leaving memory: its parent recreates it for them. A stopping host
    // drops them: they are still pending.
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
