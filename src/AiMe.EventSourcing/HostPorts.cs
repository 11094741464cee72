using System.Collections.Immutable;

namespace AiMe.EventSourcing;

/// <summary>What a host carries, and how it treats what fails and what rests; the same for every host.</summary>
public sealed record HostSettings
{
    /// <summary>Run id: the first part of every persistence id.</summary>
    public required string Run { get; init; }

    /// <summary>This incarnation's writer id.</summary>
    public required WriterId Writer { get; init; }

    /// <summary>The faculties of an instance, in the order of its heads.</summary>
    public required ImmutableArray<FacultyDefinition> Faculties { get; init; }

    /// <summary>The run's supervisor.</summary>
    public required FacultyDefinition Supervisor { get; init; }

    /// <summary>The supervisor's stream; null for the run's own. A run in shards has one for each.</summary>
    public PersistenceId? SupervisorStream { get; init; }

    /// <summary>The names of the run's instances, for a host that owns what it hosts piece by piece.</summary>
    public ImmutableArray<string> Instances { get; init; } = [];

    /// <summary>Every event that can be written or read.</summary>
    public required EventCodec Codec { get; init; }

    /// <summary>
    /// The command that tells the supervisor that an instance keeps failing: from instance name and reason.
    /// </summary>
    public required Func<string, string, Command> Park { get; init; }

    /// <summary>
    /// Which instances live on in this host. A message for another is passed over: what it is owed is found again when
    /// it is hosted.
    /// </summary>
    public Func<string, bool> Awake { get; init; } = _ => true;

    /// <summary>Threads of the pool for model work; default: one a processor.</summary>
    public int Parallel { get; init; } = Environment.ProcessorCount;

    /// <summary>Failures in a row, without an event in between, after which an instance is parked.</summary>
    public int Restarts { get; init; } = 5;

    /// <summary>Pause before the first restart; doubled with each further one.</summary>
    public TimeSpan BackOff { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause.</summary>
    public TimeSpan BackOffAtMost { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Events of a stream between snapshots; 0 for none.</summary>
    public int SnapshotEvery { get; init; } = 200;

    /// <summary>
    /// An instance without messages for so long leaves memory; its next message brings it back from the journal.
    /// </summary>
    public TimeSpan PassivateAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What all processes that carry the run may do together in a minute.</summary>
    public ImmutableArray<Rate> Rates { get; init; } = [];

    /// <summary>The stream of a faculty of an instance, or of the supervisor.</summary>
    public PersistenceId StreamOf(FacultyAddress address) =>
        address.Instance == FacultyAddress.Run && SupervisorStream is { } given ? given : PersistenceId.Of(Run, address);

    /// <summary>The pause before a restart.</summary>
    /// <param name="attempt">1 for the first.</param>
    public TimeSpan PauseBefore(int attempt) =>
        TimeSpan.FromTicks(Math.Min(BackOffAtMost.Ticks, BackOff.Ticks << Math.Min(attempt - 1, 20)));
}

/// <summary>A host at work.</summary>
public interface IRuntime : IAsyncDisposable
{
    /// <summary>
    /// Faults when the host cannot go on: the store is lost, somebody else writes, the supervisor itself fails.
    /// </summary>
    Task Failure { get; }

    /// <summary>
    /// Whether nothing is in hand: no message, no effect, no restart. A planned run that is idle before its end has
    /// stalled.
    /// </summary>
    bool IsIdle { get; }

    /// <summary>The rates that it was opened with, kept together with whoever else carries the run.</summary>
    IRates Rates { get; }

    /// <summary>Hands a command to a faculty, waking its instance if need be.</summary>
    ValueTask TellAsync(FacultyAddress to, Command command);

    /// <summary>
    /// Begins nothing new, and completes when what was in flight is finished and durable. The supervisor still takes
    /// commands, and its events are made durable.
    /// </summary>
    /// <param name="now">
    /// Cancelled when the caller will not wait any longer; effects in flight are then left as still owed.
    /// </param>
    Task CalmAsync(CancellationToken now);

    /// <summary>Ends gently: becomes calm, and takes nothing more.</summary>
    /// <param name="now">
    /// Cancelled when the caller will not wait any longer; effects in flight are then left as still owed.
    /// </param>
    Task StopAsync(CancellationToken now);
}

/// <summary>How much of something may be done in any minute.</summary>
/// <param name="Name">Of what.</param>
/// <param name="PerMinute">Units in any 60 seconds, 1 or more.</param>
public sealed record Rate(string Name, int PerMinute);

/// <summary>Rates that several keep together.</summary>
public interface IRates
{
    /// <summary>
    /// Waits for a turn, first come first served, and takes what is free then: at most a second's share at a time, so
    /// that nobody waits for long.
    /// </summary>
    /// <param name="rate">Its name.</param>
    /// <param name="wanted">Units, 1 or more.</param>
    /// <returns>1 to <paramref name="wanted"/>.</returns>
    /// <exception cref="ArgumentException">There is no such rate.</exception>
    Task<int> TakeAsync(string rate, int wanted, CancellationToken cancellationToken);
}

/// <summary>Makes hosts of one kind.</summary>
public interface IRuntimeFactory
{
    /// <summary>
    /// Whether its hosts claim every name as they come to it, so that several processes carry one run together.
    /// Otherwise one process claims the whole run beforehand.
    /// </summary>
    bool ClaimsByItself { get; }

    /// <summary>Makes a host. No life is woken before the first command.</summary>
    Task<IRuntime> OpenAsync(HostSettings options, IEffects effects, IRuntimeObserver observer);
}

/// <summary>Sees what a host does. Called from many threads; must be quick and must not throw.</summary>
public interface IRuntimeObserver
{
    /// <summary>An event is durable.</summary>
    void Happened(string instance, string faculty, Event happened);

    /// <summary>A command was refused: a bug or a stale message, worth a log line.</summary>
    void Refused(string instance, string faculty, Command command, string why);

    /// <summary>An instance failed and will be restarted from its journal.</summary>
    void Restarting(string instance, Exception failure, int attempt, TimeSpan pause);
}
