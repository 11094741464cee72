namespace AiMe.Simulation.Machine;

/// <summary>
/// How a simulated machine misbehaves. All probabilities are in [0, 1]; all are 0 on a machine that is calm.
/// </summary>
public sealed record SimulatedFaults
{
    /// <summary>Nothing goes wrong and nothing takes time.</summary>
    public static readonly SimulatedFaults None = new();

    /// <summary>Probability of a crash, a step.</summary>
    public double Crash { get; init; }

    /// <summary>Probability that a message is delivered more than once.</summary>
    public double Duplicate { get; init; }

    /// <summary>How often it is delivered then, 2 or more.</summary>
    public int Copies { get; init; } = 2;

    /// <summary>
    /// Probability that a message between the supervisor and an instance is lost, as between the nodes of a cluster.
    /// </summary>
    public double Lost { get; init; }

    /// <summary>
    /// Probability that an instance is stopped so that it can go on elsewhere, as when its shard moves, a step. Its
    /// next message brings it back.
    /// </summary>
    public double Moves { get; init; }

    /// <summary>Probability that whatever can take time (a message, an append, a reading, an effect) does.</summary>
    public double Slow { get; init; }

    /// <summary>The longest that it takes.</summary>
    public TimeSpan Slowness { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Probability that the next timer fires although something is ready, a step.</summary>
    public double TimerFirst { get; init; }

    /// <summary>Probability that the store fails an append, before or after it was made durable.</summary>
    public double StoreFails { get; init; }

    /// <summary>Probability that a snapshot comes back with a flipped bit.</summary>
    public double SnapshotDamaged { get; init; }

    /// <summary>Probability that the wall clock jumps, by up to a day forth or back, a step.</summary>
    public double ClockJumps { get; init; }

    /// <summary>Probability that an append which was under way at a crash is durable all the same.</summary>
    public double DurableUnacknowledged { get; init; } = 0.5;
}
