using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Trainer;

namespace AiMe.Simulation.Invariants;

/// <summary>Checks the draws of matched policies.</summary>
public sealed record DrawsMatch()
    : Invariant("matched", "under a matched policy, a sealed round has as many experiences as the shadow kept, each drawn from that round")
{
    internal override string? Broken(Evidence evidence)
    {
        foreach (var instance in evidence.Ledger.Instances)
        {
            var events = evidence.Ledger.EventsOf(instance);
            var stored = events.OfType<Stored>().Where(s => s.ShadowKeeps is not null).ToLookup(s => s.Round);
            if (stored.Count == 0)
                continue;
            foreach (var batch in events.OfType<Sealed>().Where(b => stored.Contains(b.Round)))
            {
                var kept = stored[batch.Round].Count(s => s is { ShadowKeeps: true, Verdict: Verdict.Hold });
                if (batch.Kept.Length != kept)
                    return $"{instance}: round {batch.Round} has {batch.Kept.Length} experiences, and the shadow kept {kept}";
                if (batch.Kept.Except(stored[batch.Round].Select(s => s.Id)).Any())
                    return $"{instance}: round {batch.Round} has experiences of another round";
            }
        }

        return null;
    }
}
