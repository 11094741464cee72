using AiMe.EventSourcing;

namespace AiMe.Actors.Persistence;

/// <summary>A row of the journal, written or read. Its bytes are stored as they are by every plugin.</summary>
/// <param name="Manifest">The event's manifest.</param>
/// <param name="Message">The envelope's bytes.</param>
/// <param name="Writer">The id of its writer.</param>
/// <param name="Ordering">
/// Position of a row that was read in the whole journal; 0 if the plugin does not provide it.
/// </param>
public sealed record EncodedEvent(string Manifest, ReadOnlyMemory<byte> Message, WriterId Writer = default, long Ordering = 0)
{
    /// <summary>The row as the event-sourcing library reads it.</summary>
    internal JournalRow ToJournalRow(string stream, long sequenceNumber) =>
        new(Ordering, new PersistenceId(stream), sequenceNumber, Manifest, Message, CreatedTicks: 0, Writer);
}

/// <summary>The bytes of a snapshot that is to be saved.</summary>
public sealed record StoredState(string Manifest, ReadOnlyMemory<byte> State);
