using AiMe.EventSourcing;

namespace AiMe.Journal;

/// <summary>
/// The store cannot be opened, read or written: an outside failure. The message names the path and the remedy.
/// </summary>
public sealed class JournalException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Classifies failures.</summary>
public static class HostFailure
{
    /// <summary>
    /// Whether a failure must end the host: the store or its blobs are lost, another process writes, or memory is
    /// exhausted.
    /// </summary>
    /// <remarks>
    /// The instance is not at fault and is not parked. Once the cause is repaired, the same command resumes the run.
    /// </remarks>
    public static bool EndsTheHost(Exception failure) =>
        failure is JournalException or SecondWriterException or CorruptBlobException or OutOfMemoryException;
}
