using System.Collections.Immutable;
using AiMe.Actors.Persistence;
using AiMe.EventSourcing;
using AiMe.Journal;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;

namespace AiMe.Actors;

/// <summary>Runs any decider as a persistent actor.</summary>
/// <remarks>
/// It recovers by folding its events. It first makes the events of <c>Decide</c> durable and then performs the effects.
/// It keeps receiving during a write, so no message is stashed.
/// </remarks>
public abstract class DeciderActor : UntypedPersistentActor
{
    private readonly FacultyDefinition _decider;
    private readonly WriterId _writer;
    private bool _writing;
    private bool _stopping;

    private protected DeciderActor(InstanceServices services, FacultyAddress at, FacultyDefinition decider, WriterId writer)
    {
        (Services, At, _decider, _writer) = (services, at, decider, writer);
        PersistenceId = services.Options.StreamOf(at).Value;
        JournalPluginId = services.JournalPluginId;
        SnapshotPluginId = SnapshotPlugin.Id;
        Current = StreamState.Before(decider);
        services.Created?.Invoke(this);
    }

    /// <inheritdoc />
    public sealed override string PersistenceId { get; }

    /// <inheritdoc />
    public sealed override Recovery Recovery =>
        Services.Options.SnapshotEvery > 0 ? Recovery.Default : new Recovery(SnapshotSelectionCriteria.None);

    private protected InstanceServices Services { get; }

    /// <summary>The faculty's address.</summary>
    internal FacultyAddress At { get; }

    /// <summary>The durable state.</summary>
    internal StreamState Current { get; private set; }

    /// <summary>Whether a write is in progress.</summary>
    private protected bool IsWriting => _writing;

    /// <summary>The effects that are pending in the state.</summary>
    private protected ImmutableArray<Effect> Pending => _decider.Pending(Current.State);

    /// <summary>Called when the state has been recovered.</summary>
    private protected abstract void OnRecovered();

    /// <summary>Called for each message that does not belong to persistence.</summary>
    private protected abstract void OnMessage(object message);

    /// <summary>Called when the actor cannot continue and is about to stop.</summary>
    private protected abstract void OnFailed(Exception failure);

    /// <inheritdoc />
    protected sealed override void OnRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer { Snapshot: StreamState state }:
                Current = state;
                break;
            case EncodedEvent row:
                Current = Current.Next(
                    _decider,
                    row.ToJournalRow(PersistenceId, LastSequenceNr),
                    Services.Options.Codec,
                    Services.Rows,
                    out _
                );
                break;
            case RecoveryCompleted:
                OnRecovered();
                break;
        }
    }

    /// <inheritdoc />
    protected sealed override void OnCommand(object message)
    {
        switch (message)
        {
            case FinishAndStop when _writing:
                _stopping = true;
                break;
            case FinishAndStop:
                Context.Stop(Self);
                break;
            case SaveSnapshotSuccess:
                break;
            case SaveSnapshotFailure failed:
                OnSnapshotFailure(failed);
                break;
            default:
                OnMessage(message);
                break;
        }
    }

    /// <inheritdoc />
    protected sealed override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => OnFailed(OfTheJournal(cause));

    /// <inheritdoc />
    protected sealed override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        OnFailed(OfTheJournal(cause));
        Context.Stop(Self); // Akka stops an actor whose write failed, not one whose write was rejected
    }

    /// <inheritdoc />
    /// <remarks>
    /// If there is a message, folding it has failed: this is a fault of the instance, not of the journal.
    /// </remarks>
    protected sealed override void OnRecoveryFailure(Exception reason, object? message = null) =>
        OnFailed(message is not null || reason is CorruptJournalException or OperationCanceledException ? reason : OfTheJournal(reason));

    /// <inheritdoc />
    /// <remarks>The actor is not restarted alone: the whole instance or host stops and is recovered.</remarks>
    protected sealed override void PreRestart(Exception reason, object message) => OnFailed(reason);

    /// <summary>Decides a command in a state.</summary>
    private protected Step Decide(object state, Command command)
    {
        var decision = _decider.Decide(state, command);
        if (decision.Refusal is { } refusal)
            Services.Observer.Refused(At.Instance, _decider.Name, command, refusal.Why);
        var after = state;
        foreach (var happened in decision.Events)
            after = _decider.Evolve(after, happened);
        return new Step(decision, after);
    }

    /// <summary>Makes the events of the steps durable in one append, then calls back.</summary>
    /// <param name="index">Index of the instance's last event.</param>
    private protected void Write(ReadOnlySpan<Step> steps, long index, Action durable)
    {
        var count = 0;
        foreach (var step in steps)
            count += step.Decision.Events.Length;
        var (happened, rows, left) = (new Event[count], new EncodedEvent[count], count);
        var (sequenceNumber, head, after) = (Current.SequenceNumber, Current.Head, steps[^1].After);
        var i = 0;
        foreach (var step in steps)
        {
            foreach (var one in step.Decision.Events)
            {
                var (manifest, data) = (Services.Options.Codec.ManifestOf(one), Services.Options.Codec.Write(one));
                head = head.Next(++sequenceNumber, ++index, manifest, data);
                happened[i] = one;
                rows[i++] = new EncodedEvent(manifest, new EventEnvelope(index, data, head).Write(), _writer);
            }
        }

        _writing = true;
        if (rows is [var single])
            PersistAsync(single, OnDurable);
        else
            PersistAllAsync(rows, OnDurable);

        void OnDurable(EncodedEvent row)
        {
            if (--left > 0)
                return;
            _writing = false;
            var before = Current.SequenceNumber;
            Current = new StreamState(after, sequenceNumber, index, head);
            foreach (var one in happened)
            {
                Services.Observer.Happened(At.Instance, _decider.Name, one);
                Services.Spans.Happened(At.Instance, one);
            }

            if (Services.Options.SnapshotEvery is > 0 and var every && before / every != sequenceNumber / every)
                SaveSnapshot(Snapshot());
            durable();
            if (_stopping && !_writing)
                Context.Stop(Self);
        }
    }

    private StoredState Snapshot()
    {
        var snapshot = new StoredState(_decider, Current);
        return Services.WritesSnapshotsLate ? snapshot : snapshot.Written();
    }

    // A snapshot that could not be saved only makes the next recovery slower; the events are complete without it.
    private void OnSnapshotFailure(SaveSnapshotFailure failed)
    {
        if (HostFailure.EndsTheHost(failed.Cause))
            OnFailed(failed.Cause);
        else
            Log.Warning(failed.Cause, "{0}: the snapshot at {1} could not be saved", PersistenceId, failed.Metadata.SequenceNr);
    }

    // Other journal plugins throw exceptions of their own types; each of them means that the store has failed.
    private static Exception OfTheJournal(Exception cause) =>
        HostFailure.EndsTheHost(cause)
            ? cause
            : new JournalException($"The journal plugin failed: {cause.GetType().Name}: {cause.Message}", cause);

    /// <summary>A decision, and the state after its events.</summary>
    private protected readonly record struct Step(Decision<Event> Decision, object After);
}
