using System.Collections.Immutable;
using AiMe.Console.Output;
using AiMe.Corpora;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Power;
using AiMe.Lab.Experiments;
using AiMe.Lab.History;
using AiMe.Metrics.Statistics;

namespace AiMe.Console.Commands;

/// <summary>Finds the run from which power is forecast.</summary>
internal static class Pilots
{
    /// <summary>The pilot, and the plan that the forecast is for.</summary>
    /// <param name="name">A run, an experiment file or a shipped experiment; null for the store's only run.</param>
    /// <param name="measures">Those that were asked for; empty for the declared ones.</param>
    /// <exception cref="UsageException">There is no such run or file, no pilot of it, or nothing to forecast.</exception>
    public static async Task<(RunComparison Pilot, RunPlan Planned)> OfAsync(
        StoreAddress address,
        string? name,
        ImmutableArray<Measure> measures,
        CancellationToken cancellationToken
    )
    {
        if (name is not null && IsFile(name))
            return await OfFileAsync(address, name, measures, cancellationToken);
        if (
            name is not null
            && BundledFiles.Names.Contains(name, StringComparer.Ordinal)
            && !await HasAsync(address, name, cancellationToken)
        )
            return await OfFileAsync(address, name, measures, cancellationToken);
        await using var store = Stores.OpenReadOnly(address);
        var run = (await StoreLookup.RunAsync(store, name, cancellationToken)).Plan!;
        RefuseNothing(run, measures);
        var pilot = RunComparison.Of(await RunRecord.ReadAsync(store.Journal, run.Run, cancellationToken));
        if (pilot.Reached == 0)
            throw new UsageException(
                $"the run {run.Run} has not reached generation 1 in every instance, so nothing scatters yet; let it go on: the same "
                    + "`aime run` resumes it"
            );
        return (pilot, run);
    }

    /// <summary>The newest of those finished runs of an experiment that can forecast the most of its tests; null if none can.</summary>
    /// <param name="measures">As for <see cref="OfAsync"/>.</param>
    public static async Task<RunComparison?> NewestAsync(
        EventStore store,
        Experiment experiment,
        ImmutableArray<Measure> measures,
        CancellationToken cancellationToken
    )
    {
        var planned = experiment.Plan(default, origin: null);
        List<(string Run, int Covered)> fit = [];
        foreach (var run in await InstanceReader.RunsAsync(store.Journal, cancellationToken))
        {
            if (
                RunPlan.ExperimentOf(run) == experiment.Name
                && await InstanceReader.ReadRunAsync(store.Journal, run, cancellationToken) is { Digest: not null, Plan: { } plan }
                && PowerForecast.Covered(planned, measures, plan.Variants) is > 0 and var covered
            )
                fit.Add((run, covered));
        }

        if (fit.Count == 0)
            return null;
        var most = fit.Max(f => f.Covered);
        var newest = await ExperimentRuns.NewestAsync(
            store.Journal,
            [.. fit.Where(f => f.Covered == most).Select(f => f.Run)],
            cancellationToken
        );
        var pilot = RunComparison.Of(await RunRecord.ReadAsync(store.Journal, newest, cancellationToken));
        return pilot.Reached == 0 ? null : pilot;
    }

    /// <summary>The line of <c>run --dry-run</c> on power; null if no primary test of the experiment can be forecast.</summary>
    /// <param name="named">The experiment as it was named, for a suggested command.</param>
    public static async Task<PowerLine?> LineAsync(
        Experiment experiment,
        string named,
        StoreAddress address,
        CancellationToken cancellationToken
    )
    {
        var planned = experiment.Plan(default, origin: null);
        if (!PowerForecast.HasPrimary(planned))
            return null;
        RunComparison? pilot = null;
        if (Stores.HasJournal(address))
        {
            await using var store = Stores.OpenReadOnly(address);
            pilot = await NewestAsync(store, experiment, [], cancellationToken);
        }

        if (pilot is null)
            return new PowerLine(
                "Power is unknown before a pilot. After a run of a few replicates:",
                Invocation.Of("power", named, "--store", address)
            );
        var goal = new PowerGoal([Math.Min(planned.Replicates, PairedPower.MostReplicates)]);
        TestForecast[] primary =
        [
            .. PowerForecast.Of(pilot, planned, [], goal).Tests.Where(t => t.Test.IsPrimary && TestForecast.IsForecast(t.Test)),
        ];
        var first = primary.FirstOrDefault(t => t.Status == ForecastStatus.Forecast) ?? primary[0];
        return new PowerLine($"{PowerWords.Of(first)}{PowerWords.Without(primary.Where(t => t != first))} Pilot: {pilot.Plan.Run}.");
    }

    private static async Task<(RunComparison Pilot, RunPlan Planned)> OfFileAsync(
        StoreAddress address,
        string file,
        ImmutableArray<Measure> measures,
        CancellationToken cancellationToken
    )
    {
        var experiment = SharedOptions.Load(file, sets: null, seed: null);
        var planned = experiment.Plan(default, origin: null);
        RefuseNothing(planned, measures);
        if (Stores.HasJournal(address))
        {
            await using var store = Stores.OpenReadOnly(address);
            if (await NewestAsync(store, experiment, measures, cancellationToken) is { } pilot)
                return (pilot, planned);
        }

        throw new UsageException(
            $"the store {address.Place} has no finished run of {experiment.Name} with the variants of a test, so it is not known how far "
                + "replicates scatter. To make a pilot of a few replicates, then ask again:\n  "
                + Invocation.Of("run", file, "--set", $"replicates={PilotReplicates(planned)}", "--store", address)
        );
    }

    // Fewer tell little of the scatter: the upper bound of the standard deviation is 2.5 times the estimate at six.
    private static int PilotReplicates(RunPlan planned) => Math.Max(2, Math.Min(6, planned.Replicates));

    private static bool IsFile(string name) => File.Exists(name) || name.AsSpan().IndexOfAny('/', '\\', '.') >= 0;

    private static async Task<bool> HasAsync(StoreAddress address, string experiment, CancellationToken cancellationToken)
    {
        if (!Stores.HasJournal(address))
            return false;
        await using var store = Stores.OpenReadOnly(address);
        return (await InstanceReader.RunsAsync(store.Journal, cancellationToken)).Any(r =>
            r == experiment || RunPlan.ExperimentOf(r) == experiment
        );
    }

    private static void RefuseNothing(RunPlan planned, ImmutableArray<Measure> measures)
    {
        if (PowerForecast.Covered(planned, measures, planned.Variants) > 0)
            return;
        throw new UsageException(
            $"{RunPlan.ExperimentOf(planned.Run)} has no test whose power can be forecast: "
                + (
                    planned.Analysis is null || !measures.IsEmpty
                        ? "fewer than two of its variants are trained, and nothing is declared for other pairs; declare contrasts under "
                            + "`analysis:` in its file"
                        : "it declares equivalence and survival tests alone; --measure names a measure to explore"
                )
        );
    }
}
