using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.History;

namespace AiMe.Lab.Runs.Forks;

/// <summary>
/// Compares forks of one event under changed settings, pair by pair, with control forks that have the same seeds and
/// unchanged settings.
/// </summary>
public static class ForkComparison
{
    /// <summary>
    /// The two groups as variants of a run: the changed one first, so that a difference is changed minus unchanged.
    /// </summary>
    /// <param name="name">Name of the changed forks without their number.</param>
    /// <param name="replicates">Forks in each group, 1 or more.</param>
    public static async Task<RunComparison> ReadAsync(
        IJournal journal,
        SupervisorState state,
        string name,
        int replicates,
        CancellationToken cancellationToken
    )
    {
        var (changed, control) = ForkOrder.Arms(name);
        var instances = ImmutableArray.CreateBuilder<InstanceRecord>();
        var variants = ImmutableArray.CreateBuilder<VariantPlan>();
        foreach (var arm in (string[])[changed, control])
        {
            VariantPlan? variant = null;
            foreach (var k in Enumerable.Range(1, replicates))
            {
                var instance = $"{arm}-{k}";
                var events = await InstanceReader.ReadAsync(journal, state, instance, cancellationToken);
                variant ??= VariantOf(state.Plan!, arm, events);
                instances.Add(
                    new InstanceRecord(instance, variant, k, state.Instances[instance].Status, events)
                    {
                        Unplanned = state.Instances[instance].Unplanned,
                    }
                );
            }

            variants.Add(variant!);
        }

        // What the run declares is about its own variants.
        var plan = state.Plan! with { Variants = variants.ToImmutable(), Replicates = replicates, Analysis = null };
        return RunComparison.Of(state with { Plan = plan }, [.. instances.Select(l => InstanceSummary.Of(plan, l))]);
    }

    private static VariantPlan VariantOf(RunPlan plan, string name, ImmutableArray<InstanceEvent> events)
    {
        var spec = ((SelfState)events.Last(e => e.Faculty == Loop.Self).State).Spec!;
        // A fork keeps the model of its parent's variant.
        var parent = plan.Variants.FirstOrDefault(v => v.Name == spec.Variant);
        return new VariantPlan(name, spec.Self, spec.Memory, spec.Reflector, spec.Curate, spec.Trainer, parent?.Model, parent?.Base);
    }
}
