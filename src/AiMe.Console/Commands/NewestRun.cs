using AiMe.Console.Output;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.History;

namespace AiMe.Console.Commands;

/// <summary>Chooses among several runs of one experiment: the newest, which one line on standard error names.</summary>
internal static class NewestRun
{
    /// <summary>Chooses among runs.</summary>
    /// <param name="name">As the user gave it.</param>
    /// <param name="runs">Runs of one experiment, at least one.</param>
    public static async Task<SupervisorState> OfAsync(
        EventStore store,
        string name,
        IReadOnlyList<SupervisorState> runs,
        CancellationToken cancellationToken
    )
    {
        if (runs is [var only])
            return only;
        var newest = await ExperimentRuns.NewestAsync(store.Journal, [.. runs.Select(r => r.Plan!.Run)], cancellationToken);
        var chosen = runs.First(r => r.Plan!.Run == newest);
        Say(
            name,
            runs.Count,
            chosen.Plan!.Run,
            $", {DistinctSettings.Words(DistinctSettings.Of(chosen.Plan, [.. runs.Select(r => r.Plan!)]))}"
        );
        return chosen;
    }

    /// <summary>Chooses among runs by their ids alone: their plans may be damaged.</summary>
    /// <inheritdoc cref="OfAsync"/>
    public static async Task<string> IdAsync(
        EventStore store,
        string name,
        IReadOnlyCollection<string> runs,
        CancellationToken cancellationToken
    )
    {
        var newest = await ExperimentRuns.NewestAsync(store.Journal, runs, cancellationToken);
        if (runs.Count > 1)
            Say(name, runs.Count, newest, "");
        return newest;
    }

    private static void Say(string name, int count, string chosen, string settings) =>
        System.Console.Error.WriteLine(
            $"{name}: the newest of {Lines.Count(count)} runs, {chosen}{settings}; name a run to choose another"
        );
}
