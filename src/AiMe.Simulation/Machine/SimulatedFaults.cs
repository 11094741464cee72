namespace AiMe.Simulation.Machine;

/// <summary>The faults of a simulated machine. All probabilities are in [0, 1], and 0 by default.</summary>
public sealed record SimulatedFaults
{
    /// <summary>No faults and no delays.</summary>
    public static readonly SimulatedFaults None = new();

    /// <summary>Probability of a crash per step.</summary>
    public double Crash { get; init; }

    /// <summary>Probability that a message is delivered more than once.</summary>
    public double Duplicate { get; init; }

    /// <summary>Number of deliveries of a duplicated message, at least 2.</summary>
    public int Copies { get; init; } = 2;

    /// <summary>
    /// Probability that a message between the supervisor and an instance is lost, as between nodes of a cluster.
    /// </summary>
    public double Lost { get; init; }

    /// <summary>
    /// Probability per step that an instance is stopped, as when its shard moves. Its next message recreates it.
    /// </summary>
    public double Moves { get; init; }

    /// <summary>Probability that an operation (a message, an append, a read, an effect) is delayed.</summary>
    public double Slow { get; init; }

    /// <summary>The longest delay.</summary>
    public TimeSpan Slowness { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Probability per step that the next timer fires before a ready step runs.</summary>
    public double TimerFirst { get; init; }

    /// <summary>Probability that an append fails, before or after it was made durable.</summary>
    public double StoreFails { get; init; }

    /// <summary>Probability that a snapshot is read with a flipped bit.</summary>
    public double SnapshotDamaged { get; init; }

    /// <summary>Probability per step that the wall clock jumps, by up to a day forwards or backwards.</summary>
    public double ClockJumps { get; init; }

    /// <summary>Probability that an append in flight at a crash becomes durable.</summary>
    public double DurableUnacknowledged { get; init; } = 0.5;
}
