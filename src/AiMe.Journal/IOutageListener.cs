namespace AiMe.Journal;

/// <summary>
/// Is told when the server of a journal goes away and when it is back: once each, however many operations wait for it.
/// </summary>
/// <remarks>One call at a time, under a lock: an implementation must be quick and must not use the journal.</remarks>
public interface IOutageListener
{
    /// <summary>The server cannot be reached, and operations wait for it.</summary>
    /// <param name="place">The database as messages name it, without a password.</param>
    /// <param name="reason">What the last attempt failed with.</param>
    /// <param name="patience">How long the server is waited for at most.</param>
    void Away(string place, string reason, TimeSpan patience);

    /// <summary>The server is back: no operation waits for it any more.</summary>
    /// <param name="place">The database as messages name it.</param>
    /// <param name="after">How long it was away.</param>
    void Back(string place, TimeSpan after);
}
