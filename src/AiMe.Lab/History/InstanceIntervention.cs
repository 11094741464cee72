using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.History;

/// <summary>A scheduled intervention of one instance, and whether it has happened, by the record of the instance.</summary>
/// <param name="Cycle">The planned cycle before which it takes effect.</param>
/// <param name="Action">What it does.</param>
/// <param name="Happened">Where the record has it; null if it has not happened.</param>
/// <param name="State">Whether it has happened, and if not, whether it still can.</param>
public sealed record InstanceIntervention(int Cycle, InterventionAction Action, InterventionPlace? Happened, InterventionState State)
{
    /// <summary>The interventions of an instance in the order in which they take effect; empty if its variant has none.</summary>
    /// <param name="run">The run, with this instance.</param>
    /// <param name="record">
    /// Events of the instance in order, each with its 1-based index: at least the requests for another policy or model, what became of
    /// them, and the stimuli of the cycles in which the plan says something.
    /// </param>
    public static ImmutableArray<InstanceIntervention> All(
        SupervisorState run,
        string instance,
        IEnumerable<(long Index, Event Happened)> record
    )
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(record);
        var progress = run.Instances[instance];
        ScheduledIntervention[] scheduled = [.. run.Plan!.Scheduled.Where(s => s.Treats(progress.Variant)).OrderBy(s => s.Cycle)];
        if (scheduled.Length == 0)
            return [];
        var found = Places.Of(record);
        var ends = progress.Rests || progress.Status == InstanceState.Finished;
        var (all, change) = (ImmutableArray.CreateBuilder<InstanceIntervention>(scheduled.Length), 0);
        foreach (var (cycle, _, action) in scheduled)
        {
            // Changes of policy and model are requested in the order in which they take effect.
            var place = action is InterventionAction.Say say
                ? found.Said.GetValueOrDefault(say.Stimulus.Id)
                : found.Changed.ElementAtOrDefault(change++);
            var state =
                place is not null ? InterventionState.Happened
                : ends ? InterventionState.Omitted
                : InterventionState.Pending;
            all.Add(new(cycle, action, place, state));
        }

        return all.MoveToImmutable();
    }

    /// <summary>Where a record has what interventions do.</summary>
    /// <param name="Said">By the id of the stimulus.</param>
    /// <param name="Changed">Of each planned request for another policy or model, in order; null if it is not completed.</param>
    private sealed record Places(Dictionary<string, InterventionPlace> Said, List<InterventionPlace?> Changed)
    {
        public static Places Of(IEnumerable<(long Index, Event Happened)> record)
        {
            Places found = new(new(StringComparer.Ordinal), []);
            var request = "";
            foreach (var (index, happened) in record)
            {
                switch (happened)
                {
                    case Heard h:
                        found.Said.TryAdd(h.Stimulus.Id, new(h.Cycle, index));
                        break;
                    case PolicyCalled or ModelCalled { Planned: true }:
                        request = happened is PolicyCalled policy ? policy.Id : ((ModelCalled)happened).Id;
                        found.Changed.Add(null);
                        break;
                    case PolicyChanged c when c.Id == request:
                        found.Changed[^1] = new(c.Cycle, index);
                        break;
                    case ModelChanged c when c.Id == request:
                        found.Changed[^1] = new(c.Cycle, index);
                        break;
                }
            }

            return found;
        }
    }
}
