using AiMe.Kernel;

namespace AiMe.Runtime;

/// <summary>How the local runtime runs, beside what every host is told. The simulator replaces its scheduler and its post.</summary>
public sealed record RuntimeOptions
{
    /// <summary>What was read before, for a host of one thread over a store in memory; null: all is read anew.</summary>
    public Readings? Known { get; init; }

    /// <summary>Runs every step of the host; default: the thread pool. One that runs a single step at a time, with a clock of its own, gives a host whose whole schedule is known.</summary>
    public TaskScheduler Scheduler { get; init; } = TaskScheduler.Default;

    /// <summary>Runs the effects; null for a pool of the host's own, <see cref="HostOptions.Parallel"/> threads wide.</summary>
    public TaskScheduler? ModelScheduler { get; init; }

    /// <summary>Carries the messages between faculties; null: each is handed over at once.</summary>
    public Post? Post { get; init; }

    /// <summary>Messages that a mailbox holds; a sender waits when it is full.</summary>
    public int MailboxCapacity { get; init; } = 64;
}

/// <summary>Carries a message from an instance to a faculty.</summary>
/// <param name="from">The sending instance.</param>
/// <param name="deliver">Hands the message over; may be called again, which is a second delivery.</param>
public delegate ValueTask Post(string from, Address to, Command command, Func<ValueTask> deliver);
