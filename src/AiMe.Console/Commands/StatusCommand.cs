using System.CommandLine;
using AiMe.Console.Output;
using AiMe.Console.Output.Documents;
using AiMe.Console.Terminal;
using AiMe.Journal;
using AiMe.Lab.History;
using Spectre.Console;

namespace AiMe.Console.Commands;

/// <summary><c>aime status</c>: shows the progress, speed and remaining time of runs.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var run = new Argument<string?>("run")
        {
            Description = $"A run: {SharedOptions.RunForms}. Default: every run of the store",
            Arity = ArgumentArity.ZeroOrOne,
        };
        run.CompletionSources.Add(Completions.Runs);
        var store = SharedOptions.StoreOption();
        var instances = new Option<bool>("--instances", "--lives") { Description = "Show a line for every instance too" };
        var once = new Option<bool>("--once") { Description = "Print once and exit, also on a terminal" };
        var watch = WatchOptions.Watch("Refresh until the run ends, also with redirected output");
        var interval = WatchOptions.Interval();
        var json = SharedOptions.JsonOption("One JSON object; with --watch one per refresh");
        var command = new Command(
            "status",
            "Show the runs of the store: process, progress, speed, remaining time, and parked instances. On a terminal "
                + "the page refreshes until the run ends"
        )
        {
            run,
            store,
            instances,
            once,
            watch,
            interval,
            json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(once) && result.GetValue(watch))
                result.AddError("found --once and --watch, expected one of them");
        });
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var opened = Stores.OpenReadOnly(parsed.GetRequiredValue(store));
                var watches = await WatchesAsync(opened, parsed.GetValue(run), cancellationToken);
                var asJson = parsed.GetValue(json);
                if (watches.Count == 0 && !asJson)
                {
                    TerminalWriter.Output.WriteLine($"The store {opened.Address.Place} has no run yet.");
                    return ExitCode.Done;
                }

                var again = parsed.GetValue(watch) || !parsed.GetValue(once) && !asJson && LiveView.CanRefresh;
                await LiveView.ShowAsync(LookAsync, WatchOptions.Every(again, parsed.GetValue(interval)), asJson, cancellationToken);
                return ExitCode.Done;

                async Task<LiveSnapshot> LookAsync(CancellationToken token)
                {
                    List<RunStatus> runs = [];
                    foreach (var w in watches)
                    {
                        if (await w.LookAsync(token) is { } status)
                            runs.Add(status);
                    }

                    runs = [.. runs.OrderBy(r => r.State)]; // active runs come first
                    return new(
                        StatusView.Of(TerminalWriter.Output, runs, parsed.GetValue(instances)),
                        () => [StatusOutput.Of(opened.Address, runs)],
                        runs.All(r => r.State is RunState.Ended or RunState.Stopped)
                    );
                }
            }
        );
        return command;
    }

    private static async Task<List<RunWatch>> WatchesAsync(EventStore store, string? name, CancellationToken cancellationToken)
    {
        var known = await InstanceReader.RunsAsync(store.Journal, cancellationToken);
        if (name is not null)
            known = [(await StoreLookup.RunAsync(store, name, cancellationToken)).Plan!.Run];
        var experiments = new ExperimentRuns(store.Journal);
        return [.. known.Select(run => new RunWatch(store, run, TimeProvider.System, experiments))];
    }
}
