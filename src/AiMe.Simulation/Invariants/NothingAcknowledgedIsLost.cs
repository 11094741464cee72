using AiMe.Faculties.Memory;

namespace AiMe.Simulation.Invariants;

/// <summary>Checks that every row that the host reported as durable is on the disk.</summary>
public sealed record NothingAcknowledgedIsLost()
    : Invariant("acknowledged", "no acknowledged event is lost: every event that the host has reported as durable stays in the journal")
{
    internal override string? Broken(Evidence evidence)
    {
        foreach (var (at, acknowledged) in evidence.Acknowledged)
        {
            var durable = evidence.Ledger.CountOf(at);
            if (durable >= acknowledged)
                continue;
            var lost = evidence
                .Reported.Where(t => t.Instance == at.Instance && t.Faculty == at.Faculty)
                .TakeLast((int)(acknowledged - durable))
                .Select(t => t.Happened is Stored s ? $"experience {s.Id}" : t.Happened.GetType().Name);
            return $"{acknowledged} events of {at} were acknowledged, but {durable} are durable: lost {string.Join(", ", lost)}";
        }

        return null;
    }
}
