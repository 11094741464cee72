using System.Collections.Immutable;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Runs;

namespace AiMe.Lab.History;

/// <summary>The status of a run at a moment.</summary>
/// <param name="Instances">In the order of the plan, then their forks.</param>
/// <param name="Holder">
/// The process that runs it, or that left its lock behind; null if there is none. Of a run in shards, the one with the
/// latest heartbeat.
/// </param>
/// <param name="Since">When the holder's process began; null if unknown.</param>
/// <param name="Wrote">When the run last stored an experience, if the newest rows show it; else null.</param>
/// <param name="Letters">Inbox messages that were not yet received.</param>
/// <param name="At">When the status was read, UTC.</param>
public sealed record RunStatus(
    SupervisorState Run,
    ImmutableArray<InstanceStatus> Instances,
    Holder? Holder,
    DateTimeOffset? Since,
    DateTimeOffset? Wrote,
    Throughput Pace,
    int Letters,
    DateTimeOffset At
)
{
    /// <summary>The status of its shards; empty if it is not in shards.</summary>
    public ImmutableArray<ShardStatus> Shards { get; init; } = [];

    /// <summary>The calls of all instances, those of forks included.</summary>
    public CallTally Calls { get; init; } = new();

    /// <summary>The plan.</summary>
    public RunPlan Plan => Run.Plan!;

    /// <summary>The seed, and the settings in which the runs of its experiment differ.</summary>
    public ImmutableArray<(string Key, string Value)> Settings { get; init; } = DistinctSettings.Of(Run.Plan!, []);

    /// <summary>Completed experiences of the plan.</summary>
    public int Experiences => Instances.Where(l => l.Parent is null).Sum(l => l.OnPlan);

    /// <summary>Planned experiences.</summary>
    public int Planned => Plan.Cycles * Instances.Count(l => l.Parent is null);

    /// <summary>Unplanned experiences, those of forks included.</summary>
    public int Unplanned => Instances.Sum(l => l.Unplanned);

    /// <summary>Held experiences without a verdict for which complete rounds wait; answers in the inbox count.</summary>
    public int OpenReviews { get; init; }

    /// <summary>Inputs that are not yet completed, in the inbox or at their instance.</summary>
    public int Waiting => Letters + Instances.Sum(l => l.Waiting);

    /// <summary>Which of six states it is in.</summary>
    public RunState State =>
        Run.Digest is not null ? RunState.Ended
        : Holder is not { IsAlive: true } holder
            ? Run.Ledger.Refused is not null ? RunState.Paused
                : RunHost.WaitsForPeople(Run) && OpenReviews > 0 ? RunState.InReview
                : RunState.Stopped
        : holder.Silence > Ownership.StaleAfter ? RunState.Silent
        : RunState.Running;
}

/// <summary>The status of a shard.</summary>
/// <param name="Holder">The process that runs it, or that left its lock behind; null if there is none.</param>
public sealed record ShardStatus(Shard Shard, Holder? Holder, bool HasBegun, bool HasEnded);

/// <summary>Whether a run is progressing.</summary>
public enum RunState
{
    /// <summary>A running process holds it and renews its heartbeat.</summary>
    Running,

    /// <summary>
    /// A running process holds it, but its heartbeat is overdue: it is suspended, or its disk is overloaded.
    /// </summary>
    Silent,

    /// <summary>It has not ended, and no process runs it: run the same command to resume.</summary>
    Stopped,

    /// <summary>
    /// It has not ended, no process runs it, and its budget is used up: raise it and run the same command to resume.
    /// </summary>
    Paused,

    /// <summary>
    /// It has not ended, no process runs it, and it waits for people: review the held experiences and run the same command to
    /// resume.
    /// </summary>
    InReview,

    /// <summary>Every instance is finished or parked.</summary>
    Ended,
}

/// <summary>The progress of an instance.</summary>
/// <param name="Cycle">Stored experiences, unplanned ones included.</param>
/// <param name="OnPlan">Stored experiences of the plan.</param>
/// <param name="Generation">The last generation reached; -1 before birth.</param>
/// <param name="Parked">Why it is parked, or null.</param>
/// <param name="Waiting">Inputs that were received and are not yet completed.</param>
/// <param name="Parent">The instance that it branched off from, or null for a planned one.</param>
public sealed record InstanceStatus(
    string Name,
    string Variant,
    int Replicate,
    InstanceState Status,
    int Cycle,
    int OnPlan,
    int Generation,
    string? Parked = null,
    int Waiting = 0,
    string? Parent = null
)
{
    /// <summary>Unplanned experiences.</summary>
    public int Unplanned => Cycle - OnPlan;
}
