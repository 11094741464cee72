using System.CommandLine;
using AiMe.Console.Output;
using AiMe.Console.Output.Comparison;
using AiMe.Console.Output.Documents;
using AiMe.Console.Terminal;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Experiments;
using AiMe.Lab.Experiments.Forecasts;
using AiMe.Lab.History;
using AiMe.Lab.Runs;
using AiMe.Lab.Runs.Spending;
using Spectre.Console;

namespace AiMe.Console.Commands;

/// <summary><c>aime run</c>: runs every variant of an experiment, then prints the comparison.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var experiment = SharedOptions.ExperimentArgument();
        var store = SharedOptions.StoreOption();
        var sets = SharedOptions.SetOption();
        var seed = SharedOptions.SeedOption();
        var synchronous = SynchronousOption.Create();
        var parallel = ParallelOption.Create();
        var shard = ShardOption();
        var host = new EngineOptions();
        var dry = new Option<bool>("--dry-run")
        {
            Description =
                "Print an estimate of the run (calls, tokens, disk space, time) and exit. The time comes from the store's "
                + "earlier runs, or from a measurement of a few seconds",
        };
        var json = SharedOptions.JsonOption("Print one JSON object on one line, and nothing else on standard output");
        var command = new Command("run", "Run an experiment, or resume it: the same command on the same store is the same run")
        {
            experiment,
            store,
            synchronous,
            parallel,
            shard,
            seed,
            sets,
            dry,
            json,
        };
        host.AddTo(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var loaded = SharedOptions.Load(
                    parsed.GetRequiredValue(experiment),
                    parsed.GetValue(sets),
                    parsed.GetValue(seed),
                    advise: parsed.GetValue(dry)
                );
                var share = parsed.GetValue(shard);
                if (share is not null && share.Count > loaded.Size.Instances)
                    throw new UsageException(
                        $"--shard {share}: the run has {loaded.Size.Instances} instances, so {share.Count} shards would "
                            + $"leave some empty; expected i/n with n up to {loaded.Size.Instances}"
                    );
                if (
                    share is not null
                    && loaded.Model is OpenAiModel { Limits: { } limits }
                    && Math.Min(limits.RequestsPerMinute ?? int.MaxValue, limits.TokensPerMinute ?? int.MaxValue) < share.Count
                )
                    throw new UsageException(
                        $"--shard {share}: a rate of "
                            + $"{Math.Min(limits.RequestsPerMinute ?? int.MaxValue, limits.TokensPerMinute ?? int.MaxValue)} per "
                            + $"minute cannot be divided among {share.Count} shards; expected fewer shards"
                    );
                var hosting = host.Read(parsed, share);
                PreparedModels.Check(loaded); // before the store is created
                var threads = parsed.Threads(parallel);
                if (parsed.GetValue(dry))
                    return DryRun.Write(
                        loaded,
                        await ForecastAsync(loaded, parsed.GetRequiredValue(store), threads, cancellationToken),
                        await Pilots.LineAsync(
                            loaded,
                            parsed.GetRequiredValue(experiment),
                            parsed.GetRequiredValue(store),
                            cancellationToken
                        ),
                        parsed.GetValue(json)
                    );
                if (!Stores.HasJournal(parsed.GetRequiredValue(store)))
                    PreparedModels.CheckKey(loaded); // if there is a store, its run may have finished and need no key
                return await RunAsync(
                    loaded,
                    share,
                    hosting,
                    parsed.GetRequiredValue(store),
                    parsed.GetValue(synchronous),
                    threads,
                    parsed.GetValue(json)
                );
            }
        );
        return command;
    }

    // Creates nothing: a store that does not exist yet has no earlier run and no base model.
    private static async Task<Forecast?> ForecastAsync(
        Experiment experiment,
        StoreAddress address,
        int threads,
        CancellationToken cancellationToken
    )
    {
        if (experiment.Model is not NanoModel { Preset: var preset })
            return null; // the speed of a hosted provider cannot be measured here
        EarlierRun? earlier = null;
        // Of two sizes, an earlier run of one tells little.
        if (Stores.HasJournal(address) && experiment.Models.OfType<NanoModel>().All(m => m.Checkpoint is null && m.Preset == preset))
        {
            await using var store = Stores.OpenReadOnly(address);
            earlier = await EarlierRun.FindAsync(store, preset, cancellationToken);
        }

        return Forecast.Of(
            experiment,
            size => UnitCosts.Measure(size, TimeProvider.System),
            earlier,
            threads,
            (one, nano) => PreparedNano.HasBase(nano, one, Path.Combine(address.Root, "models")),
            one => PreparedNano.FindGeneration0(one, Path.Combine(address.Root, "models")) is not null
        );
    }

    // As many processes as share a database.
    private const int MostShards = 1000;

    private static Option<Shard?> ShardOption() =>
        new("--shard")
        {
            Description =
                "Run only the i-th of n fixed shares of the instances, each in a process of its own, without a cluster. All "
                + "processes use one store, and the run has the same digest as in one process",
            HelpName = "i/n",
            CustomParser = result =>
            {
                var text = result.Tokens is [var token] ? token.Value : "";
                if (Shard.Parse(text) is { Count: <= MostShards } shard)
                    return shard;
                result.AddError($"--shard: found '{text}', expected i/n with i from 1 to n and n at most {MostShards}, such as 2/3");
                return null;
            },
        };

    private static async Task<int> RunAsync(
        Experiment experiment,
        Shard? shard,
        Func<EventStore, EventSourcing.IRuntimeFactory> hosting,
        StoreAddress address,
        Synchronous synchronous,
        int parallel,
        bool json
    )
    {
        using var interruption = new Interruption();
        await using var store = await Stores.OpenAsync(address, synchronous, interruption.Now, CancellationToken.None);
        if (await OtherLoopVersion.NoteAsync(experiment, store.Journal, interruption.Now) is { } note)
            TerminalWriter.Error.WriteLine(note);
        RunOutcome outcome;
        try
        {
            var options = new SessionOptions(parallel, Shard: shard, Hosting: hosting(store), Budget: experiment.Budget);
            outcome = await RunDisplay.ShowAsync(
                display => ExperimentHost.RunAsync(experiment, store, options, display, interruption),
                isOneOfSeveral: options.Hosting?.ClaimsByItself == true
            );
        }
        catch (BudgetReachedException e)
        {
            PausedPage.Write(experiment, shard, e);
            if (json && await InstanceReader.ReadRunAsync(store.Journal, experiment.RunId, CancellationToken.None) is { } paused)
                TerminalWriter.Json(PausedOutput.Of(experiment.RunId, paused.Ledger));
            return ExitCode.Budget;
        }

        if (RunEnding.Unfinished(outcome, address, json, interruption) is { } code)
            return code;
        var record = await RunRecord.ReadAsync(store.Journal, outcome.Run, CancellationToken.None);
        if (json)
            TerminalWriter.Json(RunOutput.Of(outcome, shard, record));
        else if (shard is not null && record.Run.Digest is null)
            ShardPage.Write(
                shard,
                outcome,
                await new RunWatch(store, outcome.Run, TimeProvider.System).LookAsync(CancellationToken.None),
                address
            );
        else
            ComparePage.Write(record, outcome, address);
        return record.Run.Instances.Values.Any(l => l.Status == InstanceState.Parked) || record.LacksAFaculty
            ? ExitCode.Error
            : ExitCode.Done;
    }
}
