using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Lab.History;

namespace AiMe.Lab.Analysis.Lineage;

/// <summary>
/// Reads lineages from the journal: only the Trainer's stream of each instance, so that large runs are read quickly.
/// </summary>
public static class LineageReader
{
    /// <summary>
    /// Reads some instances of a run, in their order; instances whose Trainer has not started are omitted.
    /// </summary>
    /// <exception cref="CorruptJournalException">
    /// A row cannot be read, is missing, or does not continue its chain.
    /// </exception>
    public static async Task<ImmutableArray<InstanceLineage>> ReadAsync(
        IJournal journal,
        SupervisorState run,
        IEnumerable<string> instances,
        CancellationToken cancellationToken
    )
    {
        var lineages = ImmutableArray.CreateBuilder<InstanceLineage>();
        foreach (var instance in instances)
        {
            var past = await InstanceReader.ReadStreamAsync(journal, run.Plan!.Run, instance, Loop.Trainer, cancellationToken);
            if (InstanceLineage.Of(run.Plan.Run, instance, past.Cast<TrainerEvent>()) is { } lineage)
                lineages.Add(lineage);
        }

        return lineages.ToImmutable();
    }

    /// <summary>Reads a whole run: its planned instances in the order of the plan, then their forks.</summary>
    /// <exception cref="CorruptJournalException">
    /// A row cannot be read, is missing, or does not continue its chain.
    /// </exception>
    public static Task<ImmutableArray<InstanceLineage>> ReadAsync(
        IJournal journal,
        SupervisorState run,
        CancellationToken cancellationToken
    )
    {
        string[] planned = [.. run.Plan!.Instances.Select(i => RunPlan.NameOf(i.Variant, i.Replicate))];
        return ReadAsync(journal, run, [.. planned, .. run.Instances.Keys.Except(planned, StringComparer.Ordinal)], cancellationToken);
    }
}
