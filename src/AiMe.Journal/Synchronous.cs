namespace AiMe.Journal;

/// <summary>When a write reaches the disk.</summary>
public enum Synchronous
{
    /// <summary>
    /// Before it is acknowledged: neither a killed process nor a power failure loses it. The default.
    /// </summary>
    Full,

    /// <summary>
    /// Soon after it is acknowledged. A killed process loses nothing; a power failure or a system crash may lose the
    /// last commits.
    /// </summary>
    /// <remarks>
    /// Commits are lost whole and in order, and older ones are never damaged. On SQLite this is <c>PRAGMA
    /// synchronous=NORMAL</c> with the write-ahead log, on PostgreSQL <c>synchronous_commit=off</c>.
    /// </remarks>
    Normal,
}
