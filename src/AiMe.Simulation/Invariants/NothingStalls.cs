namespace AiMe.Simulation.Invariants;

/// <summary>Checks that the run ended and every input was settled.</summary>
public sealed record NothingStalls() : Invariant("ends", "nothing stalls: the run ends, and every input is answered or withdrawn")
{
    internal override string? Broken(Evidence evidence) => evidence.Stalled;
}
