using System.Collections.Immutable;
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
    private const int TogetherAtMost = 512;

    private readonly Node _node;
    private readonly LifeClock _clock;
    private readonly Faculty _faculty;
    private readonly Address _at;
    private readonly int _stream;
    private readonly bool _fromSnapshot;
    private readonly HashSet<string> _underWay = new(StringComparer.Ordinal);
    private readonly List<Take> _waiting = [];
    private HashSet<string> _owedBefore = new(StringComparer.Ordinal);
    private StreamState _current;

    public FacultyActor(Node node, LifeClock clock, Faculty faculty, Address at, int stream, bool fromSnapshot, int returns)
    {
        (_node, _clock, _faculty, _at, _stream, _fromSnapshot) = (node, clock, faculty, at, stream, fromSnapshot);
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
            case RecoveryCompleted:
                _clock.Recover(_stream, _current.Index, _current.Head);
                Context.Parent.Tell(new ReadBack(_stream, _current.Index, _current.Head));
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
            case Nudge:
                var owed = _faculty.Pending(_current.State).OfType<Tell>().ToImmutableArray();
                _ = Run([.. owed.Where(tell => _owedBefore.Contains(tell.Key))]);
                _owedBefore = owed.Select(tell => tell.Key).ToHashSet(StringComparer.Ordinal);
                break;
            case EffectFailed failed:
                throw failed.Failure;
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

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => Context.Parent.Tell(new Failed(cause, OfStore: true));

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) => Context.Parent.Tell(new Failed(cause, OfStore: true));

    protected override void OnRecoveryFailure(Exception reason, object? message = null) =>
        Context.Parent.Tell(new Failed(reason, OfStore: reason is not (CorruptJournalException or CorruptEventException or UnusableSnapshotException)));

    protected override void PreRestart(Exception reason, object message) => throw new InvalidOperationException("A faculty is stopped with its life, never restarted alone.", reason);

    // Each is decided on the state to which those before it lead; their events are made durable together, and only then effects run, in order.
    private void TakeAll()
    {
        if (_waiting.Count == 0)
            return;
        var (steps, state) = (new List<Step>(_waiting.Count), _current.State);
        foreach (var take in _waiting)
        {
            var command = take.Command is IAnchored anchored && !IsSupervisor ? anchored.At(_at.Instance, _clock.Heads) : take.Command;
            var decision = _faculty.Decide(state, command);
            var after = decision.Events.Aggregate(state, _faculty.Evolve);
            steps.Add(new Step(take, command, decision, state, after));
            state = after;
        }

        _waiting.Clear();
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
        var (sequenceNumber, tags, (index, head)) = (_current.SequenceNumber, _node.Options.TagsOf(_at.Instance), _clock.Take(_stream));
        foreach (var happened in steps.SelectMany(s => s.Decision.Events))
        {
            var (manifest, data) = (_node.Options.Catalogue.ManifestOf(happened), _node.Options.Catalogue.Write(happened));
            head = head.Next(++sequenceNumber, ++index, manifest, data);
            rows.Add(new Row(manifest, new Envelope(index, data, head).Write(), tags));
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

    // Gives how many were begun here; what is told to others is theirs.
    private int Run(ImmutableArray<Effect> effects)
    {
        if (_node.IsStopping)
            return 0; // what is durable stays; what is owed is found again by Pending
        var begun = 0;
        foreach (var effect in effects)
        {
            if (effect is Tell tell)
                Context.Parent.Tell(tell);
            else if (_underWay.Add(effect.Key))
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
