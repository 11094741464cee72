using AiMe.Kernel;
using AiMe.Mind;

namespace AiMe.Simulation;

/// <summary>Looks whether anything that happens once happened twice.</summary>
public sealed record NothingCountsTwice() : Invariant("once", "nothing counts twice: a cycle, an experience, a verdict, a planned stimulus and an input are each lived once")
{
    internal override string? Broken(Evidence evidence)
    {
        foreach (var instance in evidence.Ledger.Lives)
        {
            HashSet<string> seen = new(StringComparer.Ordinal);
            foreach (var happened in evidence.Ledger.EventsOf(instance))
            {
                if (What(happened) is { } what && !seen.Add(what))
                    return $"{instance}: {what} twice";
            }
        }

        HashSet<string> settled = new(StringComparer.Ordinal);
        foreach (var happened in evidence.Ledger.EventsOf(Address.Run))
        {
            if (What(happened) is { } what && !settled.Add(what))
                return $"the supervisor: {what} twice";
        }

        return null;
    }

    private static string? What(Event happened) => happened switch
    {
        Heard h => $"cycle {h.Cycle} began",
        Answered a => $"cycle {a.Cycle} was answered",
        Reflected r => $"cycle {r.Cycle} was reflected on",
        Judged j => $"cycle {j.Cycle} was judged",
        Stored s => $"experience {s.Id} was stored",
        InsightStored i => $"insight {i.Insight.Id} was stored",
        InstanceFinished f => $"{f.Instance} finished in cycle {f.Cycle}",
        InputReceived r => $"{r.Arrival} was received",
        InputAnswered a => $"{a.Arrival} was settled",
        InputWithdrawn w => $"{w.Arrival} was settled",
        _ => null,
    };
}
