using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Trainer;

namespace AiMe.Simulation.Invariants;

/// <summary>Checks the rounds whose experiences are held for people.</summary>
public sealed record ReviewsMatch()
    : Invariant("reviews", "a round with held experiences is sealed after their verdicts, with those that people keep and no other of them")
{
    internal override string? Broken(Evidence evidence)
    {
        foreach (var instance in evidence.Ledger.Instances)
        {
            var events = evidence.Ledger.EventsOf(instance);
            var held = events.OfType<Stored>().Where(s => s.Review is not null).ToLookup(s => s.Round);
            if (held.Count == 0)
                continue;
            var settled = events.OfType<HeldSettled>().ToDictionary(h => h.Round);
            foreach (var batch in events.OfType<Sealed>().Where(b => held.Contains(b.Round)))
            {
                if (!settled.TryGetValue(batch.Round, out var verdicts))
                    return $"{instance}: round {batch.Round} was sealed without people's verdicts";
                if (!held[batch.Round].Select(s => s.Id).SequenceEqual(verdicts.Settled.Select(v => v.Id)))
                    return $"{instance}: the verdicts of round {batch.Round} are not on the experiences that it holds";
                foreach (var verdict in verdicts.Settled)
                {
                    if (batch.Kept.Contains(verdict.Id) != (verdict.Verdict == Verdict.Keep))
                        return $"{instance}: {verdict.Id} is settled as {verdict.Verdict}, and the batch says otherwise";
                }
            }
        }

        return null;
    }
}
