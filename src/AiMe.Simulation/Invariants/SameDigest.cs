using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;

namespace AiMe.Simulation.Invariants;

/// <summary>Compares the run's digest with that of the undisturbed run.</summary>
public sealed record SameDigest()
    : Invariant("digest", "crashes and delays change no result: the run's digest equals that of the undisturbed run")
{
    internal override string? Broken(Evidence evidence)
    {
        if (!evidence.AtEnd || evidence.Reference is not { } reference)
            return null;
        var digest = evidence.Ledger.EventsOf(FacultyAddress.Run).OfType<RunEnded>().Last().Digest;
        return digest == reference ? null : $"the digest is {digest[..12]}..., expected {reference[..12]}... as undisturbed";
    }
}
