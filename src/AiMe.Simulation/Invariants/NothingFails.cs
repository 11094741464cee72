namespace AiMe.Simulation.Invariants;

/// <summary>Looks whether a step threw that was not made to.</summary>
public sealed record NothingFails() : Invariant("sound", "no step throws but where a fault made it")
{
    internal override string? Broken(Evidence evidence) => evidence.Failed;
}
