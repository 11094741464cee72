using AiMe.EventSourcing;

namespace AiMe.Actors.Persistence;

/// <summary>
/// A row of the journal on its way in or out: its bytes are stored as they are, whichever plugin writes them.
/// </summary>
/// <param name="Manifest">Of its event.</param>
/// <param name="Message">The envelope's bytes.</param>
/// <param name="Writer">Who writes it; of a row on its way out, as it was read.</param>
/// <param name="Ordering">
/// Position in the whole journal, of a row on its way out; 0 where the plugin does not tell.
/// </param>
public sealed record EncodedEvent(string Manifest, ReadOnlyMemory<byte> Message, WriterId Writer = default, long Ordering = 0)
{
    /// <summary>The row as the kernel reads it.</summary>
    internal JournalRow ToJournalRow(string stream, long sequenceNumber) =>
        new(Ordering, new PersistenceId(stream), sequenceNumber, Manifest, Message, CreatedTicks: 0, Writer);
}

/// <summary>The bytes of a snapshot, on its way in.</summary>
public sealed record StoredState(string Manifest, ReadOnlyMemory<byte> State);
