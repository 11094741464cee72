using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;

namespace AiMe.Simulation.Invariants;

/// <summary>Compares the run's digest with the undisturbed run's.</summary>
public sealed record SameDigest()
    : Invariant("digest", "crashes and delays change nothing: the run's digest is that of the undisturbed run")
{
    internal override string? Broken(Evidence evidence)
    {
        if (!evidence.AtEnd || evidence.Measure is not { } measure)
            return null;
        var digest = evidence.Ledger.EventsOf(FacultyAddress.Run).OfType<RunEnded>().Last().Digest;
        return digest == measure ? null : $"the digest is {digest[..12]}..., and undisturbed it is {measure[..12]}...";
    }
}
