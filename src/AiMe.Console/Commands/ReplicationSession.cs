using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using AiMe.Console.Output;
using AiMe.Console.Output.Comparison;
using AiMe.Console.Output.Documents;
using AiMe.Console.Terminal;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Replications;
using AiMe.Lab.Experiments;
using AiMe.Lab.History;
using AiMe.Lab.Runs;
using AiMe.Lab.Runs.Spending;

namespace AiMe.Console.Commands;

/// <summary>Runs replications in a store, one after the other, and writes what became of them.</summary>
internal sealed class ReplicationSession(EventStore store, StoreAddress address, int threads, Interruption interruption)
{
    /// <summary>Runs them all.</summary>
    /// <param name="loaded">The experiments at full size, in the order of the names.</param>
    /// <param name="load">Reads one again with changed settings.</param>
    /// <returns>The exit code: done, whatever the verdicts are; else why a run did not end.</returns>
    public async Task<int> RunAsync(
        ReplicateOrder order,
        ImmutableArray<Experiment> loaded,
        Func<string, IEnumerable<string>, bool, Experiment> load,
        CancellationToken cancellationToken
    )
    {
        if (order.Reports is { } folder)
            Directory.CreateDirectory(folder);
        List<ReplicationOutcome> outcomes = [];
        foreach (var (experiment, name) in loaded.Zip(order.Names))
        {
            var began = Stopwatch.GetTimestamp();
            var about = experiment.Replication!;
            var runs = ImmutableArray.CreateBuilder<ReplicationRun>();
            foreach (var seed in order.SeedsOf(about))
            {
                var (code, comparison) = await RunAsync(load(name, [$"seed={seed}", .. order.Quick ? about.Quick : []], false), order.Json);
                if (comparison is null)
                    return code;
                runs.Add(ReplicationRun.Of(comparison.Value.Comparison));
                if (runs.Count == 1 && ReplicationPage.HasReport(runs[0]) && order.Reports is { } reports)
                    await WriteReportAsync(comparison.Value, reports, cancellationToken);
            }

            outcomes.Add(new(experiment.Name, about, runs.DrainToImmutable(), order.IsLook));
            if (!order.Json)
                ReplicationView.Write(TerminalWriter.Output, outcomes[^1], Stopwatch.GetElapsedTime(began));
        }

        await WriteAsync(order, outcomes, cancellationToken);
        return ExitCode.Done;
    }

    private static async Task WriteAsync(ReplicateOrder order, List<ReplicationOutcome> outcomes, CancellationToken cancellationToken)
    {
        if (order.Json)
            TerminalWriter.Json(ReplicateOutput.Of(outcomes));
        else if (outcomes.Count > 1)
            ReplicationView.WriteAll(TerminalWriter.Output, outcomes);
        if (order.Page is not { } page)
            return;
        var linked = order.Reports is { } to
            ? Path.GetRelativePath(Path.GetDirectoryName(Path.GetFullPath(page))!, to).Replace('\\', '/')
            : null;
        await AtomicFiles.WriteFileAsync(page, Encoding.UTF8.GetBytes(ReplicationPage.Of(outcomes, linked)), cancellationToken);
        if (!order.Json)
            TerminalWriter.Line($"Wrote {page}.");
    }

    private async Task<(int Code, (RunRecord Record, RunComparison Comparison)? Run)> RunAsync(Experiment experiment, bool json)
    {
        var options = new SessionOptions(threads, Shard: null, Hosting: null, Budget: experiment.Budget);
        try
        {
            var outcome = await RunDisplay.ShowAsync(display => ExperimentHost.RunAsync(experiment, store, options, display, interruption));
            if (RunEnding.Unfinished(outcome, address, json, interruption) is { } code)
                return (code, null);
            var record = await RunRecord.ReadAsync(store.Journal, outcome.Run, CancellationToken.None);
            return (ExitCode.Done, (record, RunComparison.Of(record)));
        }
        catch (BudgetReachedException e)
        {
            PausedPage.Write(experiment, shard: null, e);
            return (ExitCode.Budget, null);
        }
    }

    private static Task WriteReportAsync(
        (RunRecord Record, RunComparison Comparison) run,
        string folder,
        CancellationToken cancellationToken
    ) =>
        ExportTarget.WriteAsync(
            stream => ReportPages.WriteAsync([run], Selection.All, check: null, stream),
            Path.Combine(folder, ReplicationPage.ReportOf(RunPlan.ExperimentOf(run.Comparison.Plan.Run))),
            force: true,
            cancellationToken
        );
}
