namespace AiMe.Simulation.Invariants;

/// <summary>Checks that no command was refused.</summary>
public sealed record NothingIsRefused()
    : Invariant("understood", "no command is refused: each faculty handles every message, in any order and however often it is delivered")
{
    internal override string? Broken(Evidence evidence) => evidence.Refused;
}
