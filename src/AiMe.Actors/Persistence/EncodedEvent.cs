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

/// <summary>A snapshot that is to be saved.</summary>
internal sealed class StoredState(FacultyDefinition faculty, StreamState state)
{
    private ReadOnlyMemory<byte>? _bytes;

    /// <summary>The manifest of the state.</summary>
    public string Manifest => faculty.StateManifest;

    /// <summary>The snapshot's bytes; written on first use.</summary>
    public ReadOnlyMemory<byte> State => _bytes ??= state.ToSnapshot(faculty);

    /// <summary>The snapshot, written already: by the actor that saves it, not by the one that all share.</summary>
    public StoredState Written()
    {
        _ = State;
        return this;
    }
}
