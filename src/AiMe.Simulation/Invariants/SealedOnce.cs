using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Trainer;

namespace AiMe.Simulation.Invariants;

/// <summary>Checks the sealed batches and the plans that use them.</summary>
public sealed record SealedOnce()
    : Invariant("sealed", "a kept experience is in at most one sealed batch, a round is sealed once, and a plan uses a batch once")
{
    internal override string? Broken(Evidence evidence)
    {
        foreach (var instance in evidence.Ledger.Instances)
        {
            Dictionary<MemoryId, int> sealedIn = [];
            HashSet<int> rounds = [];
            foreach (var happened in evidence.Ledger.EventsOf(instance))
            {
                if (happened is Sealed s && !rounds.Add(s.Round))
                    return $"{instance}: round {s.Round} was sealed twice";
                if (
                    happened is Sealed batch
                    && batch.Kept.FirstOrDefault(id => !sealedIn.TryAdd(id, batch.Round)) is { Value: not null } twice
                )
                    return $"{instance}: experience {twice} is in the batches of rounds {sealedIn[twice]} and {batch.Round}";
                if (
                    happened is Planned p
                    && p
                        .Plan.Parts.Where(part => part.StartsWith("batch", StringComparison.Ordinal))
                        .GroupBy(part => part, StringComparer.Ordinal)
                        .FirstOrDefault(g => g.Count() > 1)
                        is { } again
                )
                    return $"{instance}: the plan of round {p.Plan.Round} uses {again.Key} twice";
            }
        }

        return null;
    }
}
