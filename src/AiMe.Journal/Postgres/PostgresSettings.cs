using System.Collections.Immutable;

namespace AiMe.Journal.Postgres;

/// <summary>How a PostgreSQL journal is opened.</summary>
public sealed record PostgresSettings
{
    /// <summary>The defaults.</summary>
    public static readonly PostgresSettings Default = new();

    /// <summary>Statements such as <c>CREATE OR REPLACE VIEW</c>, run when the journal is opened for writing and they have changed. Default none.</summary>
    public ImmutableArray<string> Views { get; init; } = [];

    /// <summary>When an append is on the disk. Default <see cref="Synchronous.Full"/>: before it is acknowledged.</summary>
    public Synchronous Synchronous { get; init; } = Synchronous.Full;

    /// <summary>
    /// Connections that write. Default 2: while one waits for the disk the other works, and on few cores more only make the batches smaller. A
    /// stream always goes over the same one.
    /// </summary>
    public int Writers { get; init; } = 2;

    /// <summary>How many appends may wait at each of them. Default 4096; then callers wait their turn.</summary>
    public int QueueCapacity { get; init; } = 4096;

    /// <summary>Of how many streams each of them remembers where they end. Default 16,384; of a run with more at work, some are asked for again.</summary>
    public int Remembered { get; init; } = 16_384;

    /// <summary>How long a lost server is waited for, over all attempts. Default 2 minutes: longer than a restart or a failover takes.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The pause before the second attempt to connect; it doubles. Default 50 ms.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>No pause is longer. Default 5 s.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(5);
}
