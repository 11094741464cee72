using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Supervisor;
using AiMe.Simulation.Machine;

namespace AiMe.Simulation;

/// <summary>
/// People who answer on held experiences: at random times, some twice, some with a withdrawal between. What they answer depends on
/// the experience alone, so that the time of the answers must change nothing.
/// </summary>
internal sealed class SimulatedReviewers(SimulatedMachine machine, DurableRecord ledger, Seed opinions)
{
    private readonly List<GiveReview> _inbox = [];

    private SupervisorState State => ledger.Supervisor;

    /// <summary>Answers that no process has journalled yet, as an inbox keeps them.</summary>
    public IEnumerable<GiveReview> Waiting => _inbox.Where(r => !State.Arrivals.Contains(r.Arrival));

    /// <summary>One more answer, in the middle of things; null if there is nothing to answer.</summary>
    public GiveReview? Early()
    {
        var names = ledger.Instances.ToArray();
        if (names.Length == 0 || names[machine.Dice.Below(names.Length)] is var name && !State.Instances.ContainsKey(name))
            return null;
        var held = ledger.EventsOf(name).OfType<Stored>().Where(s => s.Review is not null).ToArray();
        if (held.Length == 0 || held[machine.Dice.Below(held.Length)] is not { Review: { } terms } experience)
            return null;
        var by = 1 + machine.Dice.Below(terms.Reviewers);
        return Put(name, experience.Id, by, withdrawn: machine.Dice.Chance(0.2));
    }

    /// <summary>The next answer for which a round waits; null if none does.</summary>
    public GiveReview? Next()
    {
        foreach (var (name, instance) in State.Instances)
        {
            foreach (var id in instance.AwaitsReviews ? instance.ReviewsSoFar.Open : [])
            {
                var answered = instance.ReviewsSoFar.On(id).Select(a => a.By).ToHashSet(StringComparer.Ordinal);
                for (var by = 1; by <= instance.ReviewsSoFar.Awaited!.Terms.Reviewers; by++)
                {
                    if (!answered.Contains(NameOf(by)))
                        return Put(name, id, by, withdrawn: false);
                }
            }
        }

        return null;
    }

    private GiveReview Put(string instance, MemoryId id, int by, bool withdrawn)
    {
        Verdict verdict = opinions.Derive(id.Value).Unit() < 0.5 ? Verdict.Reject : Verdict.Keep;
        GiveReview review = new(
            instance,
            $"review-{_inbox.Count + 1}",
            new ReviewAnswer(id, NameOf(by), withdrawn ? null : verdict),
            machine.Clock.GetUtcNow().UtcDateTime
        );
        _inbox.Add(review);
        return review;
    }

    private static string NameOf(int by) => $"reviewer {by}";
}
