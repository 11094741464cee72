using System.Diagnostics;
using AiMe.EventSourcing;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;

namespace AiMe.Faculties.Supervisor;

/// <summary>Where a life stands behind one of its events: which cycle is closed, and whether one is open.</summary>
/// <param name="Self">The Self's state there.</param>
/// <param name="Memory">Memory's state there.</param>
/// <param name="Called">
/// Whether what was met last is a wish between two cycles (a round's end, another model), and no stimulus.
/// </param>
/// <param name="Generation">The last whose probes were sat; -1 while its birth is not over.</param>
public sealed record InstancePosition(SelfState Self, MemoryState Memory, bool Called, int Generation)
{
    /// <summary>Before a life's first event.</summary>
    public static InstancePosition Start { get; } = new(SelfDecider.Initial, MemoryDecider.Initial, Called: false, Generation: -1);

    /// <summary>
    /// The last closed cycle, as the Supervisor counts: one that ends a round is closed when its probes are sat. 0
    /// before the first.
    /// </summary>
    public int Cycle => IsBoundary || Generation < 0 || Called ? Self.Cycle : Self.Cycle - 1;

    /// <summary>
    /// Whether the Supervisor has the turn: no cycle and no round's end is open, and the birth is over.
    /// </summary>
    public bool IsBoundary =>
        Self.Duty switch
        {
            SelfPhase.RoundClosed or SelfPhase.Withdrawn => true,
            SelfPhase.Handing => Memory.Cycle == Self.Cycle && !Memory.RoundIsOver,
            SelfPhase.Unborn
            or SelfPhase.WakingOthers
            or SelfPhase.Recalling
            or SelfPhase.Speaking
            or SelfPhase.EndingRound
            or SelfPhase.ChangingModel
            or SelfPhase.Probing
            or SelfPhase.GivenUp => false,
            _ => throw new UnreachableException(),
        };

    /// <summary>The point behind the next event of the life.</summary>
    public InstancePosition Next(Event happened) =>
        happened switch
        {
            MemoryEvent m => this with { Memory = MemoryDecider.Evolve(Memory, m) },
            SelfEvent s => this with
            {
                Self = SelfDecider.Evolve(Self, s),
                Called = s is RoundCalled or ModelCalled || s is not Heard && Called,
                Generation = s is Probed p ? p.Generation : Generation,
            },
            _ => this,
        };
}
