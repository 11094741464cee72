using AiMe.EventSourcing;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Reflector;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;

namespace AiMe.Simulation.Invariants;

/// <summary>Checks that nothing that happens once happened twice.</summary>
public sealed record NothingCountsTwice()
    : Invariant("once", "nothing counts twice: each cycle, experience, verdict, planned stimulus and input is processed once")
{
    internal override string? Broken(Evidence evidence)
    {
        foreach (var instance in evidence.Ledger.Instances)
        {
            if (Twice(evidence.Ledger.EventsOf(instance)) is { } repeated)
                return $"{instance}: {repeated} twice";
        }

        return Twice(evidence.Ledger.EventsOf(FacultyAddress.Run)) is { } what ? $"the supervisor: {what} twice" : null;
    }

    private static Occurrence? Twice(IReadOnlyList<Event> events)
    {
        HashSet<Occurrence> seen = new(events.Count);
        foreach (var happened in events)
        {
            if (OccurrenceOf(happened) is { } what && !seen.Add(what))
                return what;
        }

        return null;
    }

    private static Occurrence? OccurrenceOf(Event happened) =>
        happened switch
        {
            Heard h => new("", "cycle", h.Cycle, "began"),
            Answered a => new("", "cycle", a.Cycle, "was answered"),
            Reflected r => new("", "cycle", r.Cycle, "was reflected on"),
            Judged j => new("", "cycle", j.Cycle, "was judged"),
            Stored s => new("experience", s.Id.Value, null, "was stored"),
            InsightStored i => new("insight", i.Insight.Id.Value, null, "was stored"),
            InstanceFinished f => new(f.Instance, "in cycle", f.Cycle, "finished"),
            HeldReviewed r => new("", "round", r.Round, "was reviewed"),
            HeldSettled h => new("", "round", h.Round, "was settled by people"),
            ReviewsAwaited a => new(a.Instance, "round", a.Round, "was awaited"),
            ReviewsSettled s => new(s.Instance, "round", s.Round, "was settled"),
            ReviewReceived r => new("", r.Arrival, null, "was received"),
            InputReceived r => new("", r.Arrival, null, "was received"),
            InputAnswered a => new("", a.Arrival, null, "was settled"),
            InputWithdrawn w => new("", w.Arrival, null, "was settled"),
            _ => null,
        };

    // An occurrence that is unique in its stream.
    private readonly record struct Occurrence(string Kind, string Who, int? Cycle, string Did)
    {
        public override string ToString() => $"{Kind} {Who}{(Cycle is { } cycle ? $" {cycle}" : "")} {Did}".TrimStart();
    }
}
