using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Analysis.Lineage;
using AiMe.Lab.History;

namespace AiMe.Lab.Experiments.Forecasts;

/// <summary>A completed run of a store, and its working time.</summary>
/// <param name="Took">Working time; pauses of more than half a minute are excluded.</param>
public sealed record EarlierRun(RunPlan Plan, TimeSpan Took)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The run with the most experiences among those in which every variant has a model of this preset; null if there is none.
    /// </summary>
    public static async Task<EarlierRun?> FindAsync(EventStore store, string preset, CancellationToken cancellationToken)
    {
        var bases = PretrainedModel
            .All(store.ModelsDirectory)
            .Where(m => m.Preset == preset)
            .Select(m => m.Id)
            .ToHashSet(StringComparer.Ordinal);
        RunPlan? longest = null;
        foreach (var run in await InstanceReader.RunsAsync(store.Journal, cancellationToken))
        {
            if (
                await InstanceReader.ReadRunAsync(store.Journal, run, cancellationToken) is { Digest: not null, Plan: { } plan }
                && plan.Bases.All(b => bases.Contains(b.Value))
                && Size(plan) > (longest is null ? 0 : Size(longest))
            )
                longest = plan;
        }

        return longest is null ? null : new(longest, await TookAsync(store.Journal, longest.Run, cancellationToken));
    }

    private static long Size(RunPlan plan) => (long)plan.Cycles * plan.Replicates * plan.Variants.Length;

    /// <summary>The working time of a run, from the times at which its events were written.</summary>
    /// <remarks>Only the run's own streams are read, so other runs in the store cost nothing.</remarks>
    internal static async Task<TimeSpan> TookAsync(IJournal journal, string run, CancellationToken cancellationToken)
    {
        var written = new List<long>();
        foreach (var stream in await journal.PersistenceIdsAsync($"{run}/", cancellationToken))
        {
            await foreach (var row in journal.ReadAsync(stream, 1, long.MaxValue, cancellationToken))
                written.Add(row.CreatedTicks);
        }

        written.Sort();
        return TimeSpan.FromTicks(written.Zip(written.Skip(1), (earlier, later) => later - earlier).Where(gap => gap < Pause.Ticks).Sum());
    }
}
