using System.CommandLine;
using AiMe.Console.Output;
using AiMe.Console.Terminal;
using AiMe.Journal;
using AiMe.Lab.History;
using Spectre.Console;

namespace AiMe.Console.Commands;

/// <summary><c>aime status</c>: what runs, how far, how fast, how long still.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var run = new Argument<string?>("run")
        {
            Description = "A run id or its beginning; without it, every run of the store",
            Arity = ArgumentArity.ZeroOrOne,
        };
        run.CompletionSources.Add(Completions.Runs);
        var store = SharedOptions.StoreOption();
        var instances = new Option<bool>("--lives") { Description = "A line for every life too" };
        var once = new Option<bool>("--once") { Description = "Print once and end, on a terminal too" };
        var watch = WatchOptions.Watch("Print again and again where the output is redirected too, until the run ends");
        var interval = WatchOptions.Interval();
        var json = SharedOptions.JsonOption("One JSON object; with --watch one at each look");
        var command = new Command(
            "status",
            "Show what runs now: by which process, how far, how fast, how long still, and what is parked. On a terminal "
                + "it refreshes itself until the run ends"
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
                result.AddError("--once and --watch exclude each other");
        });
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var opened = Stores.OpenReadOnly(parsed.GetRequiredValue(store));
                var watches = await WatchesAsync(opened, parsed.GetValue(run), cancellationToken);
                var asJson = parsed.GetValue(json);
                if (watches.Count == 0 && !asJson)
                {
                    TerminalWriter.Output.WriteLine($"The store {opened.Address.Place} holds no run yet.");
                    return ExitCode.Done;
                }

                var again = parsed.GetValue(watch) || !parsed.GetValue(once) && !asJson && LiveView.CanRefresh;
                var last = again
                    ? await LiveView.UntilOverAsync(LookAsync, WatchOptions.Every(parsed.GetValue(interval)), asJson)
                    : await LookAsync(cancellationToken);
                if (!again || LiveView.CanRefresh && !asJson)
                    LiveView.Write(last, asJson);
                return ExitCode.Done;

                async Task<LiveSnapshot> LookAsync(CancellationToken token)
                {
                    List<RunStatus> runs = [];
                    foreach (var w in watches)
                    {
                        if (await w.LookAsync(token) is { } status)
                            runs.Add(status);
                    }

                    runs = [.. runs.OrderBy(r => r.State)]; // what runs comes first
                    return new(
                        StatusView.Of(TerminalWriter.Output, runs, parsed.GetValue(instances)),
                        () => StatusJson.Of(opened.Address, runs),
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
        return [.. known.Select(run => new RunWatch(store, run, TimeProvider.System))];
    }
}
