using System.Collections.Immutable;
using System.CommandLine;
using AiMe.Console.Output;
using AiMe.Console.Output.Documents;
using AiMe.Console.Terminal;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.History;
using Spectre.Console;

namespace AiMe.Console.Commands;

/// <summary><c>aime list</c>: lists the runs of a store and their instances.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var store = SharedOptions.StoreOption();
        var run = new Option<string?>("--run") { Description = $"Only this run: {SharedOptions.RunForms}", HelpName = "run" };
        var variants = new Option<string[]>("--variant")
        {
            Description = "Only instances of this variant; may be repeated",
            HelpName = "variant",
        };
        var statuses = SharedOptions.OneOf(
            "--status",
            "Only instances with this status: living (in progress), finished or parked; may be repeated",
            [.. Enum.GetNames<InstanceState>().Select(n => n.ToLowerInvariant())]
        );
        var sort = SharedOptions.OneOf(
            "--sort",
            $"Sort by {string.Join(", ", ListOrder.Names)}. Default: {ListOrder.Names[0]}",
            ListOrder.Names,
            many: false
        );
        var quick = new Option<bool>("--quick")
        {
            Description = "Only what the supervisor records: no drift, model or kept share. For tens of thousands of instances",
        };
        var watch = WatchOptions.Watch("Refresh until every run has ended");
        var interval = WatchOptions.Interval();
        var json = SharedOptions.JsonOption("One JSON object per instance");
        var command = new Command(
            "list",
            "List the runs of a store and their instances: generation, drift, model, experiences, kept share and status"
        )
        {
            store,
            run,
            variants,
            statuses,
            sort,
            quick,
            watch,
            interval,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var opened = Stores.OpenReadOnly(parsed.GetRequiredValue(store));
                var filter = new ListFilter(
                    [.. parsed.GetValue(variants) ?? []],
                    [.. parsed.GetValue(statuses) ?? []],
                    parsed.GetValue(sort) is [var by] ? by : ListOrder.Names[0],
                    parsed.GetValue(quick)
                );
                var follows = await FollowsAsync(opened, parsed.GetValue(run), filter, cancellationToken);
                var asJson = parsed.GetValue(json);
                if (follows.Count == 0 && !asJson)
                    TerminalWriter.Output.WriteLine($"The store {opened.Address.Place} has no run yet.");
                if (follows.Count == 0)
                    return ExitCode.Done;

                await LiveView.ShowAsync(
                    t => LookAsync(follows, filter, t),
                    WatchOptions.Every(parsed.GetValue(watch), parsed.GetValue(interval)),
                    asJson,
                    cancellationToken
                );
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static async Task<List<(RunWatch Watch, InstanceOverviews Glances)>> FollowsAsync(
        EventStore store,
        string? name,
        ListFilter filter,
        CancellationToken cancellationToken
    )
    {
        var known = await InstanceReader.RunsAsync(store.Journal, cancellationToken);
        if (name is not null)
            known = [(await StoreLookup.RunAsync(store, name, cancellationToken)).Plan!.Run];
        var plans = new List<RunPlan>();
        foreach (var run in filter.Variants.IsEmpty ? [] : known)
        {
            if (await InstanceReader.ReadRunAsync(store.Journal, run, cancellationToken) is { Plan: { } plan })
                plans.Add(plan);
        }

        SharedOptions.RefuseUnknown(
            "--variant",
            filter.Variants,
            [.. plans.SelectMany(p => p.Variants).Select(v => v.Name).Distinct(StringComparer.Ordinal)],
            "variant"
        );
        var experiments = new ExperimentRuns(store.Journal);
        return [.. known.Select(run => (new RunWatch(store, run, TimeProvider.System, experiments), new InstanceOverviews(store, run)))];
    }

    private static async Task<LiveSnapshot> LookAsync(
        List<(RunWatch Watch, InstanceOverviews Glances)> follows,
        ListFilter filter,
        CancellationToken cancellationToken
    )
    {
        List<(RunStatus Run, IReadOnlyList<ListRow> Rows)> runs = [];
        foreach (var (watch, glances) in follows)
        {
            if (await watch.LookAsync(cancellationToken) is not { } run)
                continue;
            var seen = new Dictionary<string, InstanceOverview>(StringComparer.Ordinal);
            foreach (var instance in filter.Quick ? [] : run.Instances.Where(filter.Passes))
                seen[instance.Name] = await glances.AtAsync(instance.Name, cancellationToken);
            runs.Add(
                (
                    run,
                    [
                        .. ListOrder.Sort(
                            filter.Sort,
                            ListRow.Of(run, instance => seen.GetValueOrDefault(instance.Name)).Where(r => filter.Passes(r.Instance))
                        ),
                    ]
                )
            );
        }

        var page = new Rows(ListView.Of(TerminalWriter.Output, runs), new Text(filter.Quick ? "" : ListView.Legend, Lines.Dim));
        return new(
            page,
            () => runs.SelectMany(r => r.Rows).Select(ListOutput.Of),
            runs.All(r => r.Run.State is RunState.Ended or RunState.Stopped or RunState.Paused or RunState.InReview)
        );
    }

    private sealed record ListFilter(ImmutableArray<string> Variants, ImmutableArray<string> Statuses, string Sort, bool Quick)
    {
        public bool Passes(InstanceStatus instance) =>
            (Variants.IsEmpty || Variants.Contains(instance.Variant, StringComparer.Ordinal))
            && (Statuses.IsEmpty || Statuses.Contains(instance.Status.ToString(), StringComparer.OrdinalIgnoreCase));
    }
}
