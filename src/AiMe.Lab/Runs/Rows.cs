using AiMe.Kernel;
using AiMe.Mind;

namespace AiMe.Lab;

/// <summary>Single rows as events, without the stream around them; their chain is not checked.</summary>
internal static class Rows
{
    /// <exception cref="CorruptJournalException">The row cannot be read.</exception>
    public static T Read<T>(JournalRow row)
        where T : Event
    {
        try
        {
            return (T)MindEvents.Catalogue.Read(row.Manifest, Envelope.Read(row.Message).Data.Span);
        }
        catch (CorruptEventException e)
        {
            throw new CorruptJournalException($"journal row {row.Ordering} ({row.PersistenceId}, sequence number {row.SequenceNumber}): {e.Message}", e);
        }
    }
}
