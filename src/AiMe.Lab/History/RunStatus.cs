using System.Collections.Immutable;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Runs;

namespace AiMe.Lab.History;

/// <summary>How a run stands at a moment.</summary>
/// <param name="Instances">In the order of the plan, then their forks.</param>
/// <param name="Holder">Who runs it, or left it behind; null when nobody holds it. Of a run in shards the one last heard of.</param>
/// <param name="Since">When the holder's process began; null where that cannot be known.</param>
/// <param name="Wrote">When the run last stored an experience, as far as the newest rows tell; else null.</param>
/// <param name="Letters">What waits in the inbox and was not yet received.</param>
/// <param name="At">When this was looked at, UTC.</param>
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
    /// <summary>How its shards stand; empty where it is not in shards.</summary>
    public ImmutableArray<ShardStatus> Shards { get; init; } = [];

    /// <summary>The plan.</summary>
    public RunPlan Plan => Run.Plan!;

    /// <summary>Planned experiences that were lived.</summary>
    public int Experiences => Instances.Where(l => l.Parent is null).Sum(l => l.OnPlan);

    /// <summary>Experiences planned.</summary>
    public int Planned => Plan.Cycles * Instances.Count(l => l.Parent is null);

    /// <summary>Experiences lived beside the plan, those of forks among them.</summary>
    public int Beside => Instances.Sum(l => l.Beside);

    /// <summary>What was given and is not yet lived through, in the inbox or at its life.</summary>
    public int Waiting => Letters + Instances.Sum(l => l.Waiting);

    /// <summary>In which of five states it is.</summary>
    public RunState State =>
        Run.Digest is not null ? RunState.Ended
        : Holder is not { IsAlive: true } holder
            ? Run.Ledger.Refused is not null ? RunState.Paused
                : RunState.Stopped
        : holder.Silence > Ownership.StaleAfter ? RunState.Silent
        : RunState.Running;
}

/// <summary>How a shard stands.</summary>
/// <param name="Holder">Who runs it, or left it behind; null when nobody holds it.</param>
public sealed record ShardStatus(Shard Shard, Holder? Holder, bool HasBegun, bool HasEnded);

/// <summary>Whether a run goes on.</summary>
public enum RunState
{
    /// <summary>A living process holds it and its heart beats.</summary>
    Running,

    /// <summary>A living process holds it, but has said nothing for too long: stopped, or starved of its disk.</summary>
    Silent,

    /// <summary>It has not ended, and nobody runs it: the same command goes on.</summary>
    Stopped,

    /// <summary>It has not ended, nobody runs it, and its budget is used up: with a higher one the same command goes on.</summary>
    Paused,

    /// <summary>Every life is finished or parked.</summary>
    Ended,
}

/// <summary>How far a life is.</summary>
/// <param name="Cycle">Experiences stored, those beside the plan among them.</param>
/// <param name="OnPlan">Of them those that the plan brought.</param>
/// <param name="Generation">The last generation reached; -1 before birth.</param>
/// <param name="Parked">Why it is parked, or null.</param>
/// <param name="Waiting">Inputs that were received and are not yet lived through.</param>
/// <param name="Parent">The life that it branched off from, or null for a planned one.</param>
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
    /// <summary>Experiences beside the plan.</summary>
    public int Beside => Cycle - OnPlan;
}
