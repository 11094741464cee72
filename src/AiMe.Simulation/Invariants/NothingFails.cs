namespace AiMe.Simulation.Invariants;

/// <summary>Checks that no step threw an exception that no fault had caused.</summary>
public sealed record NothingFails() : Invariant("sound", "no step throws unless a fault caused it")
{
    internal override string? Broken(Evidence evidence) => evidence.Failed;
}
