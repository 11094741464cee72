using System.Collections.Immutable;

namespace AiMe.Journal.Postgres;

/// <summary>Settings for opening a PostgreSQL journal.</summary>
public sealed record PostgresSettings
{
    /// <summary>The defaults.</summary>
    public static readonly PostgresSettings Default = new();

    /// <summary>
    /// Statements such as <c>CREATE OR REPLACE VIEW</c>; run when the journal is opened for writing and they have
    /// changed. Default none.
    /// </summary>
    public ImmutableArray<string> Views { get; init; } = [];

    /// <summary>
    /// When an append reaches the disk. Default <see cref="Synchronous.Full"/>: before it is acknowledged.
    /// </summary>
    public Synchronous Synchronous { get; init; } = Synchronous.Full;

    /// <summary>Number of writing connections. Default 2.</summary>
    /// <remarks>
    /// While one waits for the disk the other works; on few cores, more connections only make the batches smaller. All
    /// events of a stream go over the same connection.
    /// </remarks>
    public int Writers { get; init; } = 2;

    /// <summary>Number of jobs that may wait at each writer before callers are delayed. Default 4096.</summary>
    public int QueueCapacity { get; init; } = 4096;

    /// <summary>Number of streams whose highest sequence number each writer remembers. Default 16,384.</summary>
    /// <remarks>In a run with more active streams, some are queried again.</remarks>
    public int Remembered { get; init; } = 16_384;

    /// <summary>
    /// Longest time to wait for an unreachable server, from the beginning of the outage; zero for no wait.
    /// </summary>
    /// <remarks>Default 3 minutes, which is longer than a restart or a failover takes.</remarks>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>The pause before the second attempt to connect; it doubles. Default 50 ms.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest pause between two attempts. Default 2 s.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Time after an outage during which no owner on another host counts as dead, because it could not send heartbeats.
    /// Default <see cref="Ownership.StaleAfter"/>.
    /// </summary>
    public TimeSpan Grace { get; init; } = Ownership.StaleAfter;

    /// <summary>Is notified of outages. Default none.</summary>
    public IOutageListener? Outages { get; init; }

    /// <summary>
    /// Cancelled to stop waiting for an unreachable server. Work with a reachable server continues. Default never.
    /// </summary>
    public CancellationToken GiveUp { get; init; }
}
