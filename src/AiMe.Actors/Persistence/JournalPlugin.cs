using System.Collections.Immutable;
using AiMe.EventSourcing;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace AiMe.Actors.Persistence;

/// <summary>
/// Akka journal plugin over AiMe's journal. Rows pass through unchanged, and failures keep their types.
/// </summary>
/// <remarks>
/// It extends WriteJournalBase, not AsyncWriteJournal. AsyncWriteJournal has a resequencer, which makes each write wait
/// for the earlier writes of all other streams, and a circuit breaker, whose time limit abandons writes that the
/// journal is still making durable. Here a stream waits only for its own writes, and the journal decides how long to
/// wait for a database.
/// </remarks>
public sealed class JournalPlugin : WriteJournalBase
{
    /// <summary>The plugin's id in Akka's configuration.</summary>
    public const string Id = "akka.persistence.journal.aime";

    private readonly PluginSetup _setup = PluginSetup.Of(Context.System);

    /// <inheritdoc />
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case WriteMessages write:
                _ = WriteAsync(write, Self);
                return true;
            case ReplayMessages replay:
                _ = ReplayAsync(replay);
                return true;
            case DeleteMessagesTo delete:
                delete.PersistentActor.Tell(
                    new DeleteMessagesFailure(new NotSupportedException("Events are never deleted."), delete.ToSequenceNr),
                    Self
                );
                return true;
            default:
                return false;
        }
    }

    private async Task WriteAsync(WriteMessages write, IActorRef self)
    {
        Exception? failure = null;
        try
        {
            foreach (var batch in write.Messages)
            {
                if (batch is AtomicWrite atomic)
                    await AppendAsync(atomic);
            }
        }
        catch (Exception e) // sent to the actor below, with its type
        {
            failure = e;
        }

        var actor = write.PersistentActor;
        actor.Tell(failure is null ? WriteMessagesSuccessful.Instance : new WriteMessagesFailed(failure, write.Messages.Count()), self);
        foreach (var message in write.Messages)
        {
            if (message is not AtomicWrite atomic)
            {
                actor.Tell(new LoopMessageSuccess(message.Payload, write.ActorInstanceId), message.Sender);
                continue;
            }

            foreach (var persistent in (IEnumerable<IPersistentRepresentation>)atomic.Payload)
            {
                actor.Tell(
                    failure is null
                        ? new WriteMessageSuccess(persistent, write.ActorInstanceId)
                        : new WriteMessageFailure(persistent, failure, write.ActorInstanceId),
                    persistent.Sender
                );
            }
        }
    }

    private Task AppendAsync(AtomicWrite atomic)
    {
        var entries = ImmutableArray.CreateBuilder<JournalEntry>(atomic.Size);
        WriterId writer = default;
        foreach (var persistent in (IEnumerable<IPersistentRepresentation>)atomic.Payload)
        {
            if (persistent.Payload is not EncodedEvent row)
                throw new NotSupportedException(
                    $"AiMe's journal plugin stores only events of AiMe's actors, not {persistent.Payload.GetType().Name}: "
                        + "configure another plugin for other actors."
                );
            entries.Add(new JournalEntry(persistent.SequenceNr, row.Manifest, row.Message));
            writer = row.Writer;
        }

        return _setup.Journal.AppendAsync(
            new PersistenceId(atomic.PersistenceId),
            writer,
            entries.MoveToImmutable(),
            CancellationToken.None
        );
    }

    private async Task ReplayAsync(ReplayMessages replay)
    {
        try
        {
            var (stream, highest) = (new PersistenceId(replay.PersistenceId), 0L);
            await foreach (var row in _setup.Journal.ReadAsync(stream, replay.FromSequenceNr, replay.ToSequenceNr, CancellationToken.None))
            {
                highest = row.SequenceNumber;
                replay.PersistentActor.Tell(
                    new ReplayedMessage(
                        new Persistent(
                            new EncodedEvent(row.Manifest, row.Message, row.Writer, row.Ordering),
                            row.SequenceNumber,
                            replay.PersistenceId,
                            row.Manifest,
                            isDeleted: false,
                            ActorRefs.NoSender,
                            row.Writer.Value
                        )
                    )
                );
            }

            if (highest == 0)
                highest = await _setup.Journal.HighestSequenceNumberAsync(stream, CancellationToken.None);
            replay.PersistentActor.Tell(new RecoverySuccess(highest));
        }
        catch (Exception failure) // sent to the actor, with its type
        {
            replay.PersistentActor.Tell(new ReplayMessagesFailure(failure));
        }
    }
}
