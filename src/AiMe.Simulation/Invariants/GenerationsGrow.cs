using AiMe.EventSourcing;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;

namespace AiMe.Simulation.Invariants;

/// <summary>Looks at the generations that the Self and the supervisor note.</summary>
public sealed record GenerationsGrow()
    : Invariant("generations", "generations only grow: 0, 1, 2, ... each adopted once and probed once, after its round")
{
    internal override string? Broken(Evidence evidence)
    {
        foreach (var instance in evidence.Ledger.Instances)
        {
            var (adopted, probed) = (-1, -1);
            foreach (var happened in evidence.Ledger.EventsOf(instance))
            {
                if (happened is Adopted a && a.Generation != ++adopted)
                    return $"{instance}: generation {a.Generation} was adopted where {adopted} was due";
                if (happened is Probed p && (p.Generation != ++probed || probed != adopted))
                    return $"{instance}: generation {p.Generation} was probed where {probed} was due and {adopted} adopted";
            }
        }

        Dictionary<string, int> known = new(StringComparer.Ordinal);
        foreach (var a in evidence.Ledger.EventsOf(FacultyAddress.Run).OfType<InstanceAdvanced>())
        {
            if (a.Generation <= known.GetValueOrDefault(a.Instance, -1))
                return $"the supervisor noted generation {a.Generation} of {a.Instance} after {known[a.Instance]}";
            known[a.Instance] = a.Generation;
        }

        return null;
    }
}
