using System.Collections.Immutable;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using AiMe.Kernel;
using KernelSnapshot = AiMe.Kernel.Snapshot;
using Address = AiMe.Kernel.Address;
using Envelope = AiMe.Kernel.Envelope;

namespace AiMe.Akka;

/// <summary>
/// Any faculty as a persistent actor: recovers by folding, persists what <c>Decide</c> gives, and runs effects only once that is durable. It takes one
/// command a turn (the supervisor, to whom thousands speak, those that wait together); what comes while it persists is stashed.
/// </summary>
internal sealed class FacultyActor : UntypedPersistentActor
{
    private const int TogetherAtMost = 512, NudgesAtMost = 100;

    private readonly Node _node;
    private readonly LifeClock _clock;
    private readonly Gate _gate;
    private readonly Faculty _faculty;
    private readonly Address _at;
    private readonly int _stream;
    private readonly bool _fromSnapshot;
    private readonly HashSet<string> _underWay = new(StringComparer.Ordinal);
    private readonly List<Take> _waiting = [];
    private Dictionary<string, (int Due, int Wait)> _owed = new(StringComparer.Ordinal);
    private int _nudges;
    private StreamState _current;

    public FacultyActor(Node node, LifeClock clock, Gate gate, Faculty faculty, Address at, int stream, bool fromSnapshot, int returns)
    {
        (_node, _clock, _gate, _faculty, _at, _stream, _fromSnapshot) = (node, clock, gate, faculty, at, stream, fromSnapshot);
        JournalPluginId = Journals.IdOf(returns);
        _current = StreamState.Before(faculty);
    }

    public override string PersistenceId => _node.Options.StreamOf(_at).Value;

    public override Recovery Recovery => _fromSnapshot ? Recovery.Default : new Recovery(SnapshotSelectionCriteria.None);

    private bool IsSupervisor => _at.Instance == Address.Run;

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer { Snapshot: StoredState stored, Metadata: var about }:
                var snapshot = new KernelSnapshot(new PersistenceId(PersistenceId), about.SequenceNr, stored.Manifest, stored.State, 0);
                _current = (stored.Manifest == _faculty.StateManifest ? StreamState.Of(snapshot, _faculty) : null) ?? throw new UnusableSnapshotException();
                break;
            case Row row:
                _current = _current.Next(_faculty, new JournalRow(0, new PersistenceId(PersistenceId), LastSequenceNr, row.Manifest, row.Message, 0, default), _node.Options.Catalogue, out _);
                break;
            case RecoveryCompleted when _current.SequenceNumber != LastSequenceNr:
                // A row that the plugin could not read is not handed on by it, and must not be written over.
                Context.Parent.Tell(new Failed(new CorruptJournalException($"{PersistenceId}: the journal holds {LastSequenceNr} events, but only {_current.SequenceNumber} could be read; `aime verify` names the first that cannot"), Failing.Record));
                break;
            case RecoveryCompleted:
                _clock.Recover(_stream, _current.Index, _current.Head);
                Context.Parent.Tell(ReadBack.Instance);
                break;
        }
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case Resume:
                var begun = Run(_faculty.Pending(_current.State));
                Context.Parent.Tell(new Settled(1, begun, Progressed: false));
                break;
            case Take or Resume when _gate.IsClosed:
                break; // its life is coming to rest: what is owed is found again
            case Take take when IsSupervisor: // what else waits comes before this message to oneself
                if (_waiting.Count == 0)
                    Self.Tell(Flush.Instance);
                _waiting.Add(take);
                if (_waiting.Count == TogetherAtMost)
                    TakeAll();
                break;
            case Take take:
                _waiting.Add(take);
                TakeAll();
                break;
            case Flush:
                TakeAll();
                break;
            case Nudge nudge:
                TellAgain(nudge.All);
                break;
            case EffectFailed { Failure: StaysOwedException }:
                Context.Parent.Tell(new Settled(1, 0, Progressed: false)); // left as under way: it is found again when the life is next read back
                break;
            case EffectFailed { Failure: OperationCanceledException } when _node.IsStopping:
                Context.Parent.Tell(new Settled(1, 0, Progressed: false)); // it stays owed
                break;
            case EffectFailed failed:
                throw failed.Failure; // its life is told by the strategy
            case SaveSnapshotSuccess:
                break;
            case SaveSnapshotFailure failed:
                _node.Log.Warning(failed.Cause, "{0}: no snapshot at {1}; the events are the truth", PersistenceId, failed.Metadata.SequenceNr);
                break;
            case End:
                Context.Stop(Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => Context.Parent.Tell(new Failed(cause, Failing.Journal));

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) => Context.Parent.Tell(new Failed(cause, Failing.Journal));

    protected override void OnRecoveryFailure(Exception reason, object? message = null) => Context.Parent.Tell(new Failed(reason, reason switch
    {
        UnusableSnapshotException => Failing.Snapshot,
        CorruptJournalException or SerializationException => Failing.Record,
        _ => Failing.Journal,
    }));

    protected override void PreRestart(Exception reason, object message) => throw new InvalidOperationException("A faculty is stopped with its life, never restarted alone.", reason);

    // Each is decided on the state to which those before it lead; their events are made durable together, and only then effects run, in order.
    private void TakeAll()
    {
        if (_waiting.Count == 0)
            return;
        var (steps, state) = (new List<Step>(_waiting.Count), _current.State);
        try
        {
            foreach (var take in _waiting)
            {
                var command = take.Command is IAnchored anchored && !IsSupervisor ? anchored.At(_at.Instance, _clock.Heads) : take.Command;
                var decision = _faculty.Decide(state, command);
                var after = decision.Events.Aggregate(state, _faculty.Evolve);
                steps.Add(new Step(take, command, decision, state, after));
                state = after;
            }
        }
        catch (Exception) when (steps.Count > 0)
        {
            Self.Tell(Flush.Instance); // the one that fails begins the next turn, alone: those before it are not to suffer
        }

        _waiting.RemoveRange(0, steps.Count);
        if (steps.Sum(s => s.Decision.Events.Length) == 0)
        {
            Follow(steps, progressed: false);
            return;
        }

        var (rows, next) = RowsOf(steps);
        var left = rows.Length;
        PersistAll(rows, _ =>
        {
            if (--left > 0)
                return;
            var before = _current.SequenceNumber;
            _current = next;
            _clock.Advance(_stream, next.Index, next.Head);
            foreach (var happened in steps.SelectMany(s => s.Decision.Events))
                _node.Observer.Happened(_at.Instance, _faculty.Name, happened);
            if (_node.Options.SnapshotEvery is > 0 and var every && before / every != next.SequenceNumber / every)
                SaveSnapshot(new StoredState(_faculty.StateManifest, next.ToSnapshot(_faculty)));
            Follow(steps, progressed: true);
        });
    }

    private (ImmutableArray<Row> Rows, StreamState Next) RowsOf(List<Step> steps)
    {
        var rows = ImmutableArray.CreateBuilder<Row>();
        var (sequenceNumber, (index, head)) = (_current.SequenceNumber, _clock.Take(_stream));
        foreach (var happened in steps.SelectMany(s => s.Decision.Events))
        {
            var (manifest, data) = (_node.Options.Catalogue.ManifestOf(happened), _node.Options.Catalogue.Write(happened));
            head = head.Next(++sequenceNumber, ++index, manifest, data);
            rows.Add(new Row(manifest, new Envelope(index, data, head).Write()));
        }

        return (rows.ToImmutable(), new StreamState(steps[^1].After, sequenceNumber, index, head));
    }

    private void Follow(List<Step> steps, bool progressed)
    {
        var begun = 0;
        foreach (var step in steps)
        {
            if (step.Decision.Refusal is { } refusal)
                _node.Observer.Refused(_at.Instance, _faculty.Name, step.Command, refusal.Why);
            if (step.Take.EffectKey is { } key)
                _underWay.Remove(key);
            if (!step.Decision.Events.IsEmpty)
                begun += Run(_faculty.Owed(step.Before, step.After));
            begun += Run(step.Decision.Effects);
        }

        Context.Parent.Tell(new Settled(steps.Count, begun, progressed));
    }

    // What is still owed to others since an earlier nudge, should it have been lost on the way; after twice as long each time.
    private void TellAgain(bool all)
    {
        _nudges++;
        var still = new Dictionary<string, (int Due, int Wait)>(StringComparer.Ordinal);
        foreach (var tell in _faculty.Pending(_current.State).OfType<Tell>())
        {
            if (!_owed.TryGetValue(tell.Key, out var known))
            {
                still[tell.Key] = (_nudges + 1, 1);
                continue;
            }

            var isDue = all || _nudges >= known.Due;
            if (isDue)
                Context.Parent.Tell(tell);
            var wait = isDue ? Math.Min(known.Wait * 2, NudgesAtMost) : known.Wait;
            still[tell.Key] = (isDue ? _nudges + wait : known.Due, wait);
        }

        _owed = still;
    }

    // Gives how many were begun here; what is told to others is theirs.
    private int Run(ImmutableArray<Effect> effects)
    {
        var begun = 0;
        foreach (var effect in effects)
        {
            if (effect is Tell tell)
                Context.Parent.Tell(tell);
            else if (!_node.IsStopping && _underWay.Add(effect.Key)) // what is owed is found again by Pending, here or elsewhere
            {
                begun++;
                _ = _node.RunAsync(_at.Instance, effect).PipeTo(Self, success: command => new Take(command, effect.Key), failure: failure => new EffectFailed(failure));
            }
        }

        return begun;
    }

    private readonly record struct Step(Take Take, Command Command, Decision<Event> Decision, object Before, object After);

    private sealed record EffectFailed(Exception Failure) : INoSerializationVerificationNeeded;

    private sealed record Flush : INoSerializationVerificationNeeded
    {
        public static readonly Flush Instance = new();
    }
}

/// <summary>A snapshot is damaged or of another form: the stream is read from its first event.</summary>
internal sealed class UnusableSnapshotException() : Exception("the newest snapshot cannot be used");
