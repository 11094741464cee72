using System.Collections.Immutable;

namespace AiMe.Journal.Sqlite;

/// <summary>How a SQLite journal is opened.</summary>
public sealed record SqliteSettings
{
    /// <summary>The defaults.</summary>
    public static readonly SqliteSettings Default = new();

    /// <summary>
    /// Statements such as <c>CREATE VIEW IF NOT EXISTS</c>, run when the journal is opened for writing. Default none:
    /// only who knows the events can say how they read as a table.
    /// </summary>
    public ImmutableArray<string> Views { get; init; } = [];

    /// <summary>
    /// When an append is on the disk. Default <see cref="Synchronous.Full"/>: before it is acknowledged.
    /// </summary>
    public Synchronous Synchronous { get; init; } = Synchronous.Full;

    /// <summary>
    /// How long to wait for another process's lock, in whole seconds from 1. Default 5 s: longer than a checkpoint on a
    /// slow disk.
    /// </summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How many appends may wait. Default 4096; then callers wait their turn, so that a slow disk slows the run instead
    /// of filling memory.
    /// </summary>
    public int QueueCapacity { get; init; } = 4096;
}
