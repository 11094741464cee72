using System.Collections.Immutable;

namespace AiMe.Journal.Postgres;

/// <summary>How a PostgreSQL journal is opened.</summary>
public sealed record PostgresSettings
{
    /// <summary>The defaults.</summary>
    public static readonly PostgresSettings Default = new();

    /// <summary>
    /// Statements such as <c>CREATE OR REPLACE VIEW</c>, run when the journal is opened for writing and they have
    /// changed. Default none.
    /// </summary>
    public ImmutableArray<string> Views { get; init; } = [];

    /// <summary>
    /// When an append is on the disk. Default <see cref="Synchronous.Full"/>: before it is acknowledged.
    /// </summary>
    public Synchronous Synchronous { get; init; } = Synchronous.Full;

    /// <summary>
    /// Connections that write. Default 2: while one waits for the disk the other works, and on few cores more only make
    /// the batches smaller. A stream always goes over the same one.
    /// </summary>
    public int Writers { get; init; } = 2;

    /// <summary>How many appends may wait at each of them. Default 4096; then callers wait their turn.</summary>
    public int QueueCapacity { get; init; } = 4096;

    /// <summary>
    /// Of how many streams each of them remembers where they end. Default 16,384; of a run with more at work, some are
    /// asked for again.
    /// </summary>
    public int Remembered { get; init; } = 16_384;

    /// <summary>
    /// How long a server that is away is waited for, from the beginning of the outage. Default 3 minutes: longer than a
    /// restart or a failover takes. Zero waits for nothing.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>The pause before the second attempt to connect; it doubles. Default 50 ms.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest pause between two attempts. Default 2 s.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long after the server has come back no owner on another host is thought gone: it could not say that it
    /// lives. Default <see cref="Ownership.StaleAfter"/>.
    /// </summary>
    public TimeSpan Grace { get; init; } = Ownership.StaleAfter;

    /// <summary>Is told when the server goes away and when it is back. Default nobody.</summary>
    public IOutageListener? Outages { get; init; }

    /// <summary>
    /// Cancelled when a server that is away is to be waited for no longer. Work with one that is there goes on. Default
    /// never.
    /// </summary>
    public CancellationToken GiveUp { get; init; }
}
