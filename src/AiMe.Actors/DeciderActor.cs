using System.Collections.Immutable;
using AiMe.Actors.Persistence;
using AiMe.EventSourcing;
using AiMe.Journal;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;

namespace AiMe.Actors;

/// <summary>
/// Runs any decider as a persistent actor: recovers by folding its events, makes durable what <c>Decide</c> gives, and
/// only then says what follows. While a write is under way it keeps receiving, so nothing is stashed.
/// </summary>
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

    /// <summary>The state, as far as it is durable.</summary>
    internal StreamState Current { get; private set; }

    /// <summary>Whether a write is under way.</summary>
    private protected bool IsWriting => _writing;

    /// <summary>The effects that the state owes.</summary>
    private protected ImmutableArray<Effect> Pending => _decider.Pending(Current.State);

    /// <summary>The state has been recovered.</summary>
    private protected abstract void OnRecovered();

    /// <summary>A message, but for those of persistence.</summary>
    private protected abstract void OnMessage(object message);

    /// <summary>The actor cannot go on and is about to stop.</summary>
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
                    Services.Known,
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
    /// <remarks>With a message, the failure is in folding it: a fault of this instance, not of the journal.</remarks>
    protected sealed override void OnRecoveryFailure(Exception reason, object? message = null) =>
        OnFailed(message is not null || reason is CorruptJournalException or OperationCanceledException ? reason : OfTheJournal(reason));

    /// <inheritdoc />
    /// <remarks>Nothing restarts it alone: what it was part of ends, and is recovered as a whole.</remarks>
    protected sealed override void PreRestart(Exception reason, object message) => OnFailed(reason);

    /// <summary>Decides a command on a state.</summary>
    private protected Step Decide(object state, Command command)
    {
        var decision = _decider.Decide(state, command);
        if (decision.Refusal is { } refusal)
            Services.Observer.Refused(At.Instance, _decider.Name, command, refusal.Why);
        var after = state;
        foreach (var happened in decision.Events)
            after = _decider.Evolve(after, happened);
        return new Step(decision, state, after);
    }

    /// <summary>What follows from a step, once its events are durable.</summary>
    private protected ImmutableArray<Effect> EffectsOf(Step step) =>
        step.Decision.Events.IsEmpty ? step.Decision.Effects : [.. _decider.Owed(step.Before, step.After), .. step.Decision.Effects];

    /// <summary>Makes the events of steps durable in one append, and then calls back.</summary>
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
                Services.Observer.Happened(At.Instance, _decider.Name, one);
            if (Services.Options.SnapshotEvery is > 0 and var every && before / every != sequenceNumber / every)
                SaveSnapshot(new StoredState(_decider.StateManifest, Current.ToSnapshot(_decider)));
            durable();
            if (_stopping && !_writing)
                Context.Stop(Self);
        }
    }

    // The events are the truth: a snapshot that could not be saved costs time at the next recovery, and nothing else.
    private void OnSnapshotFailure(SaveSnapshotFailure failed)
    {
        if (HostFailure.EndsTheHost(failed.Cause))
            OnFailed(failed.Cause);
        else
            Log.Warning(failed.Cause, "{0}: the snapshot at {1} could not be saved", PersistenceId, failed.Metadata.SequenceNr);
    }

    // What another plugin throws has types of its own; whatever they are, the store has failed.
    private static Exception OfTheJournal(Exception cause) =>
        HostFailure.EndsTheHost(cause)
            ? cause
            : new JournalException($"The journal plugin failed: {cause.GetType().Name}: {cause.Message}", cause);

    /// <summary>A command that was decided: in which state, and what state follows.</summary>
    private protected readonly record struct Step(Decision<Event> Decision, object Before, object After);
}
