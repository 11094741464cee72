namespace AiMe.Simulation.Invariants;

/// <summary>Looks whether a faculty was asked for what it cannot do.</summary>
public sealed record NothingIsRefused()
    : Invariant(
        "understood",
        "no command is refused: whatever order and however often messages come, none is one that its faculty does not know what to do with"
    )
{
    internal override string? Broken(Evidence evidence) => evidence.Refused;
}
