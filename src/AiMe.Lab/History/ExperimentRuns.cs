using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.History;

/// <summary>Finds the runs of one experiment, which differ in seed or settings. Reads each plan once.</summary>
public sealed class ExperimentRuns(IJournal journal)
{
    private readonly Dictionary<string, RunPlan> _plans = new(StringComparer.Ordinal);

    /// <summary>The run that was started last; ties go to the greater id.</summary>
    /// <param name="runs">At least one.</param>
    public static async Task<string> NewestAsync(IJournal journal, IReadOnlyCollection<string> runs, CancellationToken cancellationToken)
    {
        var started = new List<(string Run, long Ticks)>();
        foreach (var run in runs)
            started.Add((run, (await FirstAsync(journal, run, cancellationToken))?.CreatedTicks ?? 0));
        return started.OrderBy(s => s.Ticks).ThenBy(s => s.Run, StringComparer.Ordinal).Last().Run;
    }

    /// <summary>The plans of the other runs of a run's experiment, in ordinal order of id.</summary>
    /// <exception cref="CorruptJournalException">A plan cannot be read.</exception>
    public async Task<ImmutableArray<RunPlan>> OthersAsync(string run, CancellationToken cancellationToken)
    {
        var plans = ImmutableArray.CreateBuilder<RunPlan>();
        foreach (var other in await InstanceReader.RunsAsync(journal, cancellationToken))
        {
            if (
                other != run
                && RunPlan.ExperimentOf(other) == RunPlan.ExperimentOf(run)
                && await PlanAsync(other, cancellationToken) is { } plan
            )
                plans.Add(plan);
        }

        return plans.DrainToImmutable();
    }

    private async Task<RunPlan?> PlanAsync(string run, CancellationToken cancellationToken)
    {
        if (!_plans.TryGetValue(run, out var plan) && await FirstAsync(journal, run, cancellationToken) is { } row)
            _plans[run] = plan = JournalRows.Read<RunPlanned>(row).Plan;
        return plan;
    }

    // The first row of a run's supervisor; of a run in shards, that of the shard that began first.
    private static async Task<JournalRow?> FirstAsync(IJournal journal, string run, CancellationToken cancellationToken)
    {
        JournalRow? first = null;
        foreach (var id in await journal.PersistenceIdsAsync(Shard.StreamOf(run, shard: null).Value, cancellationToken))
        {
            if (Shard.RunOf(id, out _) != run)
                continue;
            await foreach (var row in journal.ReadAsync(id, 1, 1, cancellationToken))
                first = first is null || row.CreatedTicks < first.CreatedTicks ? row : first;
        }

        return first;
    }
}
