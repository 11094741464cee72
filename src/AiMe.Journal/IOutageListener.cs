namespace AiMe.Journal;

/// <summary>
/// Is notified once when the server of a journal becomes unreachable, and once when it is reachable again.
/// </summary>
/// <remarks>
/// Calls come one at a time, under a lock: an implementation must be quick and must not use the journal.
/// </remarks>
public interface IOutageListener
{
    /// <summary>The server is unreachable, and operations wait for it.</summary>
    /// <param name="place">The database as messages name it, without a password.</param>
    /// <param name="reason">Why the last attempt failed.</param>
    /// <param name="patience">The longest time to wait for the server.</param>
    void Away(string place, string reason, TimeSpan patience);

    /// <summary>The server is reachable, and no operation waits for it any more.</summary>
    /// <param name="place">The database as messages name it.</param>
    /// <param name="after">Length of the outage.</param>
    void Back(string place, TimeSpan after);
}
