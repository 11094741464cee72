using System.Collections.Immutable;
using AiMe.Journal;
using AiMe.Mind;

namespace AiMe.Lab;

/// <summary>How a run stands at a moment.</summary>
/// <param name="Lives">In the order of the plan.</param>
/// <param name="Holder">Who runs it, or left it behind; null when nobody holds it.</param>
/// <param name="Since">When the holder's process began; null where that cannot be known.</param>
/// <param name="Wrote">When the run last stored an experience, as far as the newest rows tell; else null.</param>
/// <param name="At">When this was looked at, UTC.</param>
public sealed record RunStatus(SupervisorState Run, ImmutableArray<LifeStanding> Lives, Holder? Holder, DateTimeOffset? Since, DateTimeOffset? Wrote, Pace Pace, DateTimeOffset At)
{
    /// <summary>The plan.</summary>
    public RunPlan Plan => Run.Plan!;

    /// <summary>Experiences lived.</summary>
    public int Experiences => Lives.Sum(l => l.Cycle);

    /// <summary>Experiences planned.</summary>
    public int Planned => Plan.Cycles * Lives.Length;

    /// <summary>In which of four states it is.</summary>
    public RunState State => Run.Digest is not null ? RunState.Ended
        : Holder is not { IsAlive: true } holder ? RunState.Stopped
        : At - holder.Owner.Heartbeat > Ownership.StaleAfter ? RunState.Silent
        : RunState.Running;
}

/// <summary>Whether a run goes on.</summary>
public enum RunState
{
    /// <summary>A living process holds it and its heart beats.</summary>
    Running,

    /// <summary>A living process holds it, but has said nothing for too long: stopped, or starved of its disk.</summary>
    Silent,

    /// <summary>It has not ended, and nobody runs it: the same command goes on.</summary>
    Stopped,

    /// <summary>Every life is finished or parked.</summary>
    Ended,
}

/// <summary>How far a life is.</summary>
/// <param name="Cycle">Experiences stored.</param>
/// <param name="Generation">The last generation reached; -1 before birth.</param>
/// <param name="Parked">Why it is parked, or null.</param>
public sealed record LifeStanding(string Name, string Variant, int Replicate, LifeStatus Status, int Cycle, int Generation, string? Parked);
