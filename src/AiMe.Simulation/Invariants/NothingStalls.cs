namespace AiMe.Simulation.Invariants;

/// <summary>Looks whether the run ended, and every input was settled.</summary>
public sealed record NothingStalls() : Invariant("ends", "nothing stalls: the run ends, and every input is answered or taken back")
{
    internal override string? Broken(Evidence evidence) => evidence.Stalled;
}
