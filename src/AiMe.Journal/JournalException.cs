using AiMe.EventSourcing;

namespace AiMe.Journal;

/// <summary>
/// The store cannot be opened, read or written: an outside failure. The message names the path and says what to do.
/// </summary>
public sealed class JournalException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Which failures are no life's own.</summary>
public static class HostFailure
{
    /// <summary>
    /// Whether a host must end with it: the store or its blobs are lost, somebody else writes, memory is exhausted. A
    /// life is not parked for that; the same command goes on when it is mended.
    /// </summary>
    public static bool EndsTheHost(Exception failure) =>
        failure is JournalException or SecondWriterException or CorruptBlobException or OutOfMemoryException;
}
