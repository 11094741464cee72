using AiMe.Console.Output;
using AiMe.Console.Terminal;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Experiments;
using AiMe.Lab.History;
using AiMe.Lab.Runs;
using AiMe.Lab.Runs.SavedModels;
using Spectre.Console;

namespace AiMe.Console.Commands;

/// <summary>Hosts a run of an experiment in this process.</summary>
internal static class ExperimentHost
{
    /// <summary>Runs an experiment to its end, or until it is interrupted; a run that has ended is left as it is.</summary>
    public static async Task<RunOutcome> RunAsync(
        Experiment experiment,
        EventStore store,
        SessionOptions options,
        RunDisplay display,
        Interruption interruption
    )
    {
        try
        {
            if (await RunHost.DigestOfEndedAsync(experiment.RunId, options.Shard, store, CancellationToken.None) is { } digest)
            {
                await SetBudgetAsync(experiment, options.Shard, store);
                return new RunOutcome(experiment.RunId, digest, Experiences: 0, TimeSpan.Zero); // it has ended: no model is needed
            }

            if (
                options.Hosting is null
                && await store.Ownership.FindAsync(RunSession.OwnedName(experiment.RunId, options.Shard), CancellationToken.None)
                    is { } owner
            )
                throw new AlreadyOwnedException(owner); // before any work; the run itself claims the name later
            if (experiment.Identity?.Backend is not null)
                System.Console.Error.WriteLine(
                    "The identity is trained by one job, before the run begins. Ctrl-C leaves the job to go on, and the same command finds "
                        + "it."
                );
            var world = await PreparedModels.PrepareAsync(
                experiment,
                store,
                options.Parallel,
                listener: null,
                display,
                interruption.Gently
            );
            var plan = world.PlanOf(experiment);
            var known = await InstanceReader.ReadRunAsync(store.Journal, plan.Run, CancellationToken.None);
            if (known is null)
                await WriteNewbornsAsync(plan, store, interruption);
            display.Begin(plan, options.Shard, known?.Instances.ToDictionary(StringComparer.Ordinal) ?? []);
            return await RunHost.RunAsync(
                plan,
                store,
                world.Effects,
                options with
                {
                    Meter = world.Meter,
                    Refusals = world.Refusals,
                    Index = world.Index,
                },
                display,
                TimeProvider.System,
                interruption.Gently,
                interruption.Now
            );
        }
        catch (OperationCanceledException) when (interruption.Gently.IsCancellationRequested)
        {
            return new RunOutcome(experiment.RunId, Digest: null, Experiences: 0, TimeSpan.Zero);
        }
    }

    private static async Task WriteNewbornsAsync(RunPlan plan, EventStore store, Interruption interruption)
    {
        foreach (var one in plan.ByCharter)
        {
            foreach (var generation0 in one.Bases)
            {
                if (await CoverageCache.EnsureAsync(store, generation0, one.Charter, keep: true, interruption.Gently) is { } newborn)
                    System.Console.Error.WriteLine(
                        $"Generation 0{(plan.HasOwnModels ? $" {generation0.Short}" : "")}"
                            + $"{(plan.HasCharters ? $" of {one.Charter.Name}" : "")}: {NewbornLine.Of(newborn)}."
                    );
            }
        }
    }

    // A finished run may still receive input, which the budget limits.
    private static async Task SetBudgetAsync(Experiment experiment, Shard? shard, EventStore store)
    {
        try
        {
            if (experiment.Budget is { } budget)
                await RunHost.SetBudgetAsync(experiment.RunId, shard, store, budget, TimeProvider.System);
        }
        catch (AlreadyOwnedException e)
        {
            TerminalWriter.Error.WriteLine($"The budget is unchanged: {e.Message}");
        }
    }
}
