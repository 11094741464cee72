using System.CommandLine;
using AiMe.Console.Output;
using AiMe.Console.Output.Documents;
using AiMe.Console.Terminal;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.History;
using AiMe.Lab.Runs.SavedModels;

namespace AiMe.Console.Commands;

/// <summary><c>aime show</c>: shows one instance, or one run, on one page.</summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var what = SharedOptions.RunOrInstanceArgument();
        var store = SharedOptions.StoreOption();
        var watch = WatchOptions.Watch("Refresh until the instance or the run has ended");
        var interval = WatchOptions.Interval();
        var json = SharedOptions.JsonOption("The page as one JSON object; with --watch one per refresh");
        var command = new Command(
            "show",
            "Show one instance on one page: charter, drift, policy and last experiences; or one run, with its variants in words"
        )
        {
            what,
            store,
            watch,
            interval,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var address = parsed.GetRequiredValue(store);
                await using var opened = Stores.OpenReadOnly(address);
                var (run, instance) = await StoreLookup.RunOrInstanceAsync(opened, parsed.GetRequiredValue(what), cancellationToken);
                var look = instance is null ? RunLook(opened, run.Plan!.Run) : InstanceLook(opened, run.Plan!.Run, instance);
                var asJson = parsed.GetValue(json);
                await LiveView.ShowAsync(
                    look,
                    WatchOptions.Every(parsed.GetValue(watch), parsed.GetValue(interval)),
                    asJson,
                    cancellationToken
                );
                if (!asJson)
                    Next(run.Plan!.Run, instance, address);
                return ExitCode.Done;
            }
        );
        return command;
    }

    // Reads the instance again only after a new experience or generation; until then the last page is reused.
    private static Func<CancellationToken, Task<LiveSnapshot>> InstanceLook(EventStore store, string run, string name)
    {
        var watch = new RunWatch(store, run, TimeProvider.System, new ExperimentRuns(store.Journal));
        InstancePage? known = null;
        return async cancellationToken =>
        {
            var status = (await watch.LookAsync(cancellationToken))!;
            var instance = status.Instances.First(l => l.Name == name);
            var page = known =
                known is not null && known.Instance == instance
                    ? known with
                    {
                        Run = status,
                    }
                    : InstancePage.Of(status, instance, await InstanceReader.ReadAsync(store.Journal, status.Run, name, cancellationToken));
            return new(
                InstanceView.Of(TerminalWriter.Output, page),
                () => [ShowInstanceOutput.Of(page)],
                instance.Status != InstanceState.Living || status.State == RunState.Stopped
            );
        };
    }

    private static Func<CancellationToken, Task<LiveSnapshot>> RunLook(EventStore store, string run)
    {
        var (watch, glances) = (
            new RunWatch(store, run, TimeProvider.System, new ExperimentRuns(store.Journal)),
            new InstanceOverviews(store, run)
        );
        return async cancellationToken =>
        {
            var status = (await watch.LookAsync(cancellationToken))!;
            var seen = new Dictionary<string, InstanceOverview>(StringComparer.Ordinal);
            foreach (var instance in status.Instances)
                seen[instance.Name] = await glances.AtAsync(instance.Name, cancellationToken);
            ListRow[] rows = [.. ListRow.Of(status, instance => seen[instance.Name])];
            var newborns = new List<(ModelId, CharterCoverage)>();
            foreach (var plan in status.Plan.ByCharter)
            {
                foreach (var generation0 in plan.Bases)
                {
                    if (await CoverageCache.FindAsync(store.ModelsDirectory, generation0, plan.Charter, cancellationToken) is { } known)
                        newborns.Add((generation0, known));
                }
            }

            return new(
                RunView.Of(TerminalWriter.Output, status, rows, newborns),
                () => [ShowRunOutput.Of(status, rows)],
                status.State is RunState.Ended or RunState.Stopped
            );
        };
    }

    // Not wrapped, so that it can be copied.
    private static void Next(string run, string? instance, StoreAddress store)
    {
        TerminalWriter.Line("");
        TerminalWriter.Line("Next steps:");
        foreach (
            var (what, line) in instance is null
                ? new[]
                {
                    ("compare its variants, with intervals", Invocation.Of("compare", run, "--store", store)),
                    ("export its experiences to a file", Invocation.Of("export", run, "--store", store, "--out", $"{run}.jsonl")),
                }
                :
                [
                    ("read the whole instance, event by event", Invocation.Of("replay", $"{run}/{instance}", "--store", store)),
                    (
                        "export its training data, as prompts and completions",
                        Invocation.Of("export", $"{run}/{instance}", "--as", "pairs", "--verdict", "keep", "--store", store)
                    ),
                ]
        )
        {
            TerminalWriter.Line($"  # {what}");
            TerminalWriter.Line($"  {line}");
        }
    }
}
