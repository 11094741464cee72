namespace AiMe.Journal;

/// <summary>When an acknowledged write is on the disk.</summary>
public enum Synchronous
{
    /// <summary>
    /// Before it is acknowledged: neither a killed process nor a power loss takes it back. The default.
    /// </summary>
    Full,

    /// <summary>
    /// Soon after. A killed process loses nothing; a power loss or a crash of the system may take back the last
    /// commits, whole and in order, and never damages what is older. On SQLite <c>PRAGMA synchronous=NORMAL</c> over
    /// the write-ahead log, on PostgreSQL <c>synchronous_commit=off</c>.
    /// </summary>
    Normal,
}
