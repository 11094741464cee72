using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Reflector;
using AiMe.Faculties.Self;
using AiMe.Faculties.Trainer;

namespace AiMe.Lab.History.Replay;

/// <summary>An event of an instance and the states of the whole instance after it.</summary>
/// <param name="SequenceNumber">1-based position in its faculty's stream.</param>
/// <param name="WrittenTicks">UTC ticks (100 ns since year 1) at which it was written.</param>
public sealed record ReplayStep(InstanceEvent Event, long SequenceNumber, long WrittenTicks, InstanceStates After);

/// <summary>The states of an instance between two of its events.</summary>
/// <param name="Index">Index of the event before; 0 before birth.</param>
/// <param name="Streams">States of the five faculties, in the order of <see cref="Loop.Faculties"/>.</param>
/// <param name="Tally">Figures that the five states do not have.</param>
public sealed record InstanceStates(long Index, ImmutableArray<StreamState> Streams, InstanceTally Tally)
{
    /// <summary>Before birth.</summary>
    public static readonly InstanceStates Unborn = new(0, [.. Loop.Faculties.Select(f => StreamState.Before(f))], InstanceTally.Nothing);

    /// <summary>State of the Self.</summary>
    public SelfState Self => (SelfState)Streams[0].State;

    /// <summary>State of Memory.</summary>
    public MemoryState Memory => (MemoryState)Streams[1].State;

    /// <summary>State of the Reflector.</summary>
    public ReflectorState Reflector => (ReflectorState)Streams[2].State;

    /// <summary>State of the Curator.</summary>
    public CuratorState Curator => (CuratorState)Streams[3].State;

    /// <summary>State of the Trainer.</summary>
    public TrainerState Trainer => (TrainerState)Streams[4].State;

    /// <summary>The last links of the five streams.</summary>
    public Heads Heads => new([.. Streams.Select(s => s.Head)]);
}

/// <summary>
/// Counts and latest items of an instance, folded beside the states of its faculties, which keep only what they need.
/// </summary>
/// <param name="Kept">Experiences stored with that verdict; likewise the next two.</param>
/// <param name="Last">The experience stored last, or null.</param>
/// <param name="Insight">The insight formed last, or null.</param>
/// <param name="Birth">The probes of generation 0, or null.</param>
/// <param name="Probed">The probes answered last, or null.</param>
/// <param name="Training">The Trainer's last result (skipped, failed, promoted, rolled back), or null.</param>
public sealed record InstanceTally(
    int Kept,
    int Held,
    int Rejected,
    Stored? Last,
    Insight? Insight,
    Probed? Birth,
    Probed? Probed,
    TrainerEvent? Training
)
{
    /// <summary>Before birth.</summary>
    public static readonly InstanceTally Nothing = new(0, 0, 0, null, null, null, null, null);

    /// <summary>Experiences stored.</summary>
    public int Stored => Kept + Held + Rejected;

    /// <summary>Under a matched policy, the experiences drawn last.</summary>
    public ImmutableArray<MemoryId> Drawn { get; init; } = [];

    /// <summary>The tally after an event. Most events do not change it.</summary>
    public InstanceTally With(Event happened) =>
        happened switch
        {
            BatchDrawn b => Draw(b.Ids),
            HeldSettled h => Review(h),
            Stored s => (
                (s.Verdict == Verdict.Hold && Drawn.Contains(s.Id) ? Verdict.Keep : s.Verdict) switch
                {
                    Verdict.Keep => this with { Kept = Kept + 1 },
                    Verdict.Hold => this with { Held = Held + 1 },
                    _ => this with { Rejected = Rejected + 1 },
                }
            ) with
            {
                Last = s,
            },
            InsightFormed { Insight: { } insight } => this with { Insight = insight },
            Probed p => this with { Birth = Birth ?? p, Probed = p },
            Skipped or Failed or Promoted or RolledBack => this with { Training = (TrainerEvent)happened },
            _ => this,
        };

    private InstanceTally Review(HeldSettled held)
    {
        var (kept, rejected) = (held.Settled.Count(s => s.Verdict == Verdict.Keep), held.Settled.Count(s => s.Verdict == Verdict.Reject));
        return this with { Kept = Kept + kept, Rejected = Rejected + rejected, Held = Held - kept - rejected };
    }

    // The draw precedes the last experience of the round, which is not counted as held yet.
    private InstanceTally Draw(ImmutableArray<MemoryId> ids)
    {
        var earlier = ids.Count(id => Last is { } last && id.IsOfCycleUpTo(last.Cycle));
        return this with { Kept = Kept + earlier, Held = Held - earlier, Drawn = ids };
    }
}
