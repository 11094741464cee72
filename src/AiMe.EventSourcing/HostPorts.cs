using System.Collections.Immutable;

namespace AiMe.EventSourcing;

/// <summary>Settings of a host, the same for every kind of host.</summary>
public sealed record HostSettings
{
    /// <summary>Id of the run; the first part of every persistence id.</summary>
    public required string Run { get; init; }

    /// <summary>This incarnation's writer id.</summary>
    public required WriterId Writer { get; init; }

    /// <summary>The faculties of an instance, in the order of its heads.</summary>
    public required ImmutableArray<FacultyDefinition> Faculties { get; init; }

    /// <summary>The run's supervisor.</summary>
    public required FacultyDefinition Supervisor { get; init; }

    /// <summary>
    /// The supervisor's stream; null for the run's own. A sharded run has one supervisor stream per shard.
    /// </summary>
    public PersistenceId? SupervisorStream { get; init; }

    /// <summary>Names of the run's instances, for a host that claims them shard by shard.</summary>
    public ImmutableArray<string> Instances { get; init; } = [];

    /// <summary>Writes and reads the events.</summary>
    public required EventCodec Codec { get; init; }

    /// <summary>
    /// Creates the command that reports a failing instance to the supervisor, from the instance's name and the reason.
    /// </summary>
    public required Func<string, string, Command> Park { get; init; }

    /// <summary>
    /// Whether an instance runs in this host. Messages to others are ignored: they stay pending until the instance is
    /// hosted again.
    /// </summary>
    public Func<string, bool> Awake { get; init; } = _ => true;

    /// <summary>Threads of the pool for model work; one per processor by default.</summary>
    public int Parallel { get; init; } = Environment.ProcessorCount;

    /// <summary>Restarts after consecutive failures with no event in between; the next failure parks the instance.</summary>
    public int Restarts { get; init; } = 5;

    /// <summary>Pause before the first restart; it doubles with each further one.</summary>
    public TimeSpan BackOff { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause.</summary>
    public TimeSpan BackOffAtMost { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Number of events of a stream between snapshots; 0 for no snapshots.</summary>
    public int SnapshotEvery { get; init; } = 200;

    /// <summary>
    /// Idle time after which an instance leaves memory; its next message recovers it from the journal.
    /// </summary>
    public TimeSpan PassivateAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Rates that all processes of the run keep together.</summary>
    public ImmutableArray<Rate> Rates { get; init; } = [];

    /// <summary>The stream of a faculty of an instance, or of the supervisor.</summary>
    public PersistenceId StreamOf(FacultyAddress address) =>
        address.Instance == FacultyAddress.Run && SupervisorStream is { } given ? given : PersistenceId.Of(Run, address);

    /// <summary>The pause before a restart.</summary>
    /// <param name="attempt">1-based number of the restart.</param>
    public TimeSpan PauseBefore(int attempt) =>
        TimeSpan.FromTicks(Math.Min(BackOffAtMost.Ticks, BackOff.Ticks << Math.Min(attempt - 1, 20)));
}

/// <summary>A running host.</summary>
public interface IRuntime : IAsyncDisposable
{
    /// <summary>
    /// Faults when the host cannot continue: the store is lost, another process writes, or the supervisor fails.
    /// </summary>
    Task Failure { get; }

    /// <summary>
    /// Whether no message, effect or restart is in progress. A planned run that is idle before its end has stalled.
    /// </summary>
    bool IsIdle { get; }

    /// <summary>The rates of the host's settings, kept together with all other processes of the run.</summary>
    IRates Rates { get; }

    /// <summary>Sends a command to a faculty, and wakes its instance if necessary.</summary>
    ValueTask TellAsync(FacultyAddress to, Command command);

    /// <summary>
    /// Starts no new work, and completes when the running work is finished and durable. The supervisor still accepts
    /// commands and makes their events durable.
    /// </summary>
    /// <param name="now">Cancelled when the caller stops waiting; running effects then stay pending.</param>
    Task CalmAsync(CancellationToken now);

    /// <summary>Stops gracefully: becomes idle, and accepts no more commands.</summary>
    /// <param name="now">Cancelled when the caller stops waiting; running effects then stay pending.</param>
    Task StopAsync(CancellationToken now);

    /// <summary>
    /// Stops like <see cref="StopAsync"/> when the run has ended: no process needs to take anything over, so a node of a
    /// cluster waits for none.
    /// </summary>
    /// <param name="now">Cancelled when the caller stops waiting.</param>
    Task EndAsync(CancellationToken now) => StopAsync(now);
}

/// <summary>A limit on units per minute.</summary>
/// <param name="Name">Name of the unit that is limited.</param>
/// <param name="PerMinute">Units in any window of 60 seconds, at least 1.</param>
public sealed record Rate(string Name, int PerMinute);

/// <summary>Rates that several callers share.</summary>
public interface IRates
{
    /// <summary>Waits for a turn, first come, first served, and takes the units that are free then.</summary>
    /// <param name="rate">The name of the rate.</param>
    /// <param name="wanted">Units, at least 1.</param>
    /// <returns>1 to <paramref name="wanted"/>.</returns>
    /// <exception cref="ArgumentException">There is no such rate.</exception>
    /// <remarks>
    /// A caller takes at most the units of one second at a time, so that the others do not wait for long.
    /// </remarks>
    Task<int> TakeAsync(string rate, int wanted, CancellationToken cancellationToken);
}

/// <summary>Creates hosts of one kind.</summary>
public interface IRuntimeFactory
{
    /// <summary>
    /// Whether its hosts claim each name when they need it, so that several processes can run one run together.
    /// Otherwise one process claims the whole run beforehand.
    /// </summary>
    bool ClaimsByItself { get; }

    /// <summary>Creates a host. No instance is woken before the first command.</summary>
    Task<IRuntime> OpenAsync(HostSettings options, IEffects effects, IRuntimeObserver observer);
}

/// <summary>Is notified of what a host does. Called from many threads; must be quick and must not throw.</summary>
public interface IRuntimeObserver
{
    /// <summary>An event is durable.</summary>
    void Happened(string instance, string faculty, Event happened);

    /// <summary>A command was refused because of a bug or a stale message.</summary>
    void Refused(string instance, string faculty, Command command, string why);

    /// <summary>An instance failed and will be recovered from its journal.</summary>
    void Restarting(string instance, Exception failure, int attempt, TimeSpan pause);
}
