using System.Diagnostics;
using AiMe.EventSourcing;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;

namespace AiMe.Faculties.Supervisor;

/// <summary>An instance's position after one of its events: which cycle is closed, and whether one is open.</summary>
/// <param name="Self">The Self's state.</param>
/// <param name="Memory">Memory's state.</param>
/// <param name="Called">
/// Whether the last input was a request between two cycles (a round's end, another model) and not a stimulus.
/// </param>
/// <param name="Generation">The last generation whose probes were answered; -1 before the first.</param>
public sealed record InstancePosition(SelfState Self, MemoryState Memory, bool Called, int Generation)
{
    /// <summary>The position before the first event.</summary>
    public static InstancePosition Start { get; } = new(SelfDecider.Initial, MemoryDecider.Initial, Called: false, Generation: -1);

    /// <summary>The last closed cycle; 0 before the first.</summary>
    /// <remarks>The Supervisor counts a cycle that ends a round as closed when its probes are answered.</remarks>
    public int Cycle => IsBoundary || Generation < 0 || Called ? Self.Cycle : Self.Cycle - 1;

    /// <summary>
    /// Whether the instance is at a boundary: it has begun, and neither a cycle nor the end of a round is open.
    /// </summary>
    public bool IsBoundary =>
        Self.Phase switch
        {
            SelfPhase.RoundClosed or SelfPhase.Withdrawn => true,
            SelfPhase.PassingOn => Memory.Cycle == Self.Cycle && !Memory.RoundIsOver,
            SelfPhase.NotStarted
            or SelfPhase.StartingFaculties
            or SelfPhase.Recalling
            or SelfPhase.Answering
            or SelfPhase.EndingRound
            or SelfPhase.ChangingModel
            or SelfPhase.ChangingPolicy
            or SelfPhase.Probing
            or SelfPhase.GivenUp => false,
            _ => throw new UnreachableException(),
        };

    /// <summary>The position after the next event.</summary>
    public InstancePosition Next(Event happened) =>
        happened switch
        {
            MemoryEvent m => this with { Memory = MemoryDecider.Evolve(Memory, m) },
            SelfEvent s => this with
            {
                Self = SelfDecider.Evolve(Self, s),
                Called = s is RoundCalled or ModelCalled or PolicyCalled || s is not Heard && Called,
                Generation = s is Probed p ? p.Generation : Generation,
            },
            _ => this,
        };
}
