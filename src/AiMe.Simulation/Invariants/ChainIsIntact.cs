namespace AiMe.Simulation.Invariants;

/// <summary>Looks whether every row continues its chain, for the ledger and for the host.</summary>
public sealed record ChainIsIntact() : Invariant("chain", "the chain is intact: every row can be read and continues the one before it")
{
    internal override string? Broken(Evidence evidence) => evidence.Ledger.Broken ?? evidence.Unreadable;
}
