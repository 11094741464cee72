using System.Collections.Immutable;
using AiMe.Kernel;

namespace AiMe.Runtime;

/// <summary>What a local runtime hosts, and how.</summary>
public sealed record RuntimeOptions
{
    /// <summary>Run id: the first part of every persistence id, and a tag of every event.</summary>
    public required string Run { get; init; }

    /// <summary>This incarnation's writer id.</summary>
    public required WriterId Writer { get; init; }

    /// <summary>The faculties of an instance, in the order of its heads.</summary>
    public required ImmutableArray<Faculty> Faculties { get; init; }

    /// <summary>The run's supervisor.</summary>
    public required Faculty Supervision { get; init; }

    /// <summary>The supervisor's stream; null for the run's own. A run in shards has one for each.</summary>
    public PersistenceId? SupervisorStream { get; init; }

    /// <summary>Every event that can be written or read.</summary>
    public required Catalogue Catalogue { get; init; }

    /// <summary>What was read before, for a host of one thread over a store in memory; null: all is read anew.</summary>
    public Readings? Known { get; init; }

    /// <summary>The command that tells the supervisor that an instance keeps failing: from instance name and reason.</summary>
    public required Func<string, string, Command> Park { get; init; }

    /// <summary>Which instances live on in this host. A message for another is passed over: what it is owed is found again when it is hosted.</summary>
    public Func<string, bool> Awake { get; init; } = _ => true;

    /// <summary>Runs every step of the host; default: the thread pool. One that runs a single step at a time, with a clock of its own, gives a host whose whole schedule is known.</summary>
    public TaskScheduler Scheduler { get; init; } = TaskScheduler.Default;

    /// <summary>Runs the effects; null for a pool of the host's own, <see cref="Parallel"/> threads wide.</summary>
    public TaskScheduler? ModelScheduler { get; init; }

    /// <summary>Carries the messages between faculties; null: each is handed over at once.</summary>
    public Post? Post { get; init; }

    /// <summary>Threads of the pool for model work; default: one a processor.</summary>
    public int Parallel { get; init; } = Environment.ProcessorCount;

    /// <summary>Messages that a mailbox holds; a sender waits when it is full.</summary>
    public int MailboxCapacity { get; init; } = 64;

    /// <summary>Failures in a row, without an event in between, after which an instance is parked.</summary>
    public int Restarts { get; init; } = 5;

    /// <summary>Pause before the first restart; doubled with each further one.</summary>
    public TimeSpan BackOff { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause.</summary>
    public TimeSpan BackOffAtMost { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Events of a stream between snapshots; 0 for none.</summary>
    public int SnapshotEvery { get; init; } = 200;

    /// <summary>An instance without messages for so long leaves memory; its next message brings it back from the journal.</summary>
    public TimeSpan PassivateAfter { get; init; } = TimeSpan.FromSeconds(30);

    internal PersistenceId StreamOf(Address address) => address.Instance == Address.Run && SupervisorStream is { } given ? given : PersistenceId.Of(Run, address);
}

/// <summary>Carries a message from an instance to a faculty.</summary>
/// <param name="from">The sending instance.</param>
/// <param name="deliver">Hands the message over; may be called again, which is a second delivery.</param>
public delegate ValueTask Post(string from, Address to, Command command, Func<ValueTask> deliver);

/// <summary>Sees what the runtime does. Called from many threads; must be quick and must not throw.</summary>
public interface IRuntimeObserver
{
    /// <summary>An event is durable.</summary>
    void Happened(string instance, string faculty, Event happened);

    /// <summary>A command was refused: a bug or a stale message, worth a log line.</summary>
    void Refused(string instance, string faculty, Command command, string why);

    /// <summary>An instance failed and will be restarted from its journal.</summary>
    void Restarting(string instance, Exception failure, int attempt, TimeSpan pause);
}
