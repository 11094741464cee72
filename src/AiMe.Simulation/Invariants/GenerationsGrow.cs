using AiMe.EventSourcing;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;

namespace AiMe.Simulation.Invariants;

/// <summary>Checks the generations that the Self and the supervisor record.</summary>
public sealed record GenerationsGrow()
    : Invariant("generations", "generations only increase: 0, 1, 2, ..., each adopted once and probed once, after its round")
{
    internal override string? Broken(Evidence evidence)
    {
        foreach (var instance in evidence.Ledger.Instances)
        {
            var (adopted, probed) = (-1, -1);
            foreach (var happened in evidence.Ledger.EventsOf(instance))
            {
                if (happened is Adopted a && a.Generation != ++adopted)
                    return $"{instance}: generation {a.Generation} was adopted, expected {adopted}";
                if (happened is Probed p && (p.Generation != ++probed || probed != adopted))
                    return $"{instance}: generation {p.Generation} was probed, expected {probed} after the adoption of {adopted}";
            }
        }

        Dictionary<string, int> last = new(StringComparer.Ordinal);
        foreach (var a in evidence.Ledger.EventsOf(FacultyAddress.Run).OfType<InstanceAdvanced>())
        {
            if (a.Generation <= last.GetValueOrDefault(a.Instance, -1))
                return $"the supervisor recorded generation {a.Generation} of {a.Instance} after {last[a.Instance]}";
            last[a.Instance] = a.Generation;
        }

        return null;
    }
}
