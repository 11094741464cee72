using AiMe.Faculties.Memory;

namespace AiMe.Simulation.Invariants;

/// <summary>Looks whether every row that the host called durable is on the disk.</summary>
public sealed record NothingAcknowledgedIsLost()
    : Invariant("acknowledged", "no acknowledged experience is lost: what the host has called durable is in the journal ever after")
{
    internal override string? Broken(Evidence evidence)
    {
        foreach (var (at, acknowledged) in evidence.Acknowledged)
        {
            var durable = evidence.Ledger.CountOf(at);
            if (durable >= acknowledged)
                continue;
            var lost = evidence
                .Told.Where(t => t.Instance == at.Instance && t.Faculty == at.Faculty)
                .TakeLast((int)(acknowledged - durable))
                .Select(t => t.Happened is Stored s ? $"experience {s.Id}" : t.Happened.GetType().Name);
            return $"{at} was told that {acknowledged} events are durable, but {durable} are: lost is {string.Join(", ", lost)}";
        }

        return null;
    }
}
