using System.Collections.Immutable;

namespace AiMe.Journal.Sqlite;

/// <summary>Settings for opening a SQLite journal.</summary>
public sealed record SqliteSettings
{
    /// <summary>The defaults.</summary>
    public static readonly SqliteSettings Default = new();

    /// <summary>
    /// Statements such as <c>CREATE VIEW IF NOT EXISTS</c>, run when the journal is opened for writing. Default none.
    /// </summary>
    public ImmutableArray<string> Views { get; init; } = [];

    /// <summary>
    /// When an append reaches the disk. Default <see cref="Synchronous.Full"/>: before it is acknowledged.
    /// </summary>
    public Synchronous Synchronous { get; init; } = Synchronous.Full;

    /// <summary>
    /// Longest wait for another process's lock, in whole seconds from 1. Default 5 s, which is longer than a checkpoint
    /// on a slow disk.
    /// </summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Number of appends that may wait before callers are delayed. Default 4096.</summary>
    /// <remarks>The limit lets a slow disk slow the run down instead of filling memory.</remarks>
    public int QueueCapacity { get; init; } = 4096;
}
