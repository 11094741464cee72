using AiMe.EventSourcing;
using AiMe.Faculties;

namespace AiMe.Lab.History;

/// <summary>Single rows as events, without the rest of their stream; their chain is not checked.</summary>
internal static class JournalRows
{
    /// <exception cref="CorruptJournalException">The row cannot be read.</exception>
    public static T Read<T>(JournalRow row)
        where T : Event
    {
        try
        {
            return (T)FacultyEvents.Codec.Read(row.Manifest, EventEnvelope.Read(row.Message).Data.Span);
        }
        catch (CorruptEventException e)
        {
            throw new CorruptJournalException(
                $"journal row {row.Ordering} ({row.PersistenceId}, sequence number {row.SequenceNumber}): {e.Message}",
                e
            );
        }
    }
}
