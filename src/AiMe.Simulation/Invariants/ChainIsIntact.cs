namespace AiMe.Simulation.Invariants;

/// <summary>Checks that every row continues its chain, for the simulator and for the host.</summary>
public sealed record ChainIsIntact() : Invariant("chain", "the chain is intact: every row is readable and continues the one before it")
{
    internal override string? Broken(Evidence evidence) => evidence.Ledger.Broken ?? evidence.Unreadable;
}
