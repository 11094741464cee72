using AiMe.Console.Output.Comparison;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.History;
using AiMe.Lab.Runs;
using AiMe.Lab.Runs.Spending;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AiMe.Console.Output;

/// <summary>Prints the status of runs.</summary>
internal static class StatusView
{
    private const int MostReasons = 10;

    /// <summary>A page of runs.</summary>
    /// <param name="instances">Whether every instance has its own line.</param>
    public static IRenderable Of(IAnsiConsole console, IReadOnlyList<RunStatus> runs, bool instances)
    {
        List<IRenderable> parts = [];
        foreach (var run in runs)
        {
            if (parts.Count > 0)
                parts.Add(new Text(""));
            parts.AddRange(Run(console, run, instances));
        }

        return new Rows(parts);
    }

    /// <summary>Process, progress, speed and remaining time of a run.</summary>
    public static IEnumerable<IRenderable> Head(RunStatus run)
    {
        var colour = run.State switch
        {
            RunState.Running => "green",
            RunState.Ended => "blue",
            _ => "yellow",
        };
        yield return new Markup($"[bold]{Markup.Escape(run.Plan.Run)}[/]  [{colour}]{Markup.Escape(RunWords.InOneLine(run))}[/]");
        yield return new Text(DistinctSettings.Words(run.Settings), Lines.Dim);
        foreach (var shard in run.State == RunState.Ended ? [] : run.Shards)
            yield return new Text($"shard {shard.Shard}: {ShardPage.Standing(shard)}");
        var done =
            $"{Lines.Count(run.Experiences)} of {Lines.Count(run.Planned, "experience")} "
            + $"({Lines.Percent((double)run.Experiences / run.Planned)}), rounds {Rounds(run.Instances, run.Plan)}";
        yield return new Text(
            run.State is RunState.Running or RunState.Silent ? $"{done}, {RunWords.Speed(run)}\n{RunWords.Left(run.Pace)}" : done
        );
        if (SpendingWords.Of(run.Run.Ledger) is { } spent)
            yield return new Text(spent);
        foreach (var (kind, count) in run.Calls.WithFailures)
            yield return new Text(CallWords.Of(kind, count), new Style(count.IsConcerning ? Color.Yellow : null));
        foreach (var failed in IndexWords.Sum(run.Run.IndexFailures))
            yield return new Text(IndexWords.Of(failed, run.Plan.Index?.Waits == true), new Style(Color.Yellow));
        foreach (var left in CallWords.InForce(run.Run.LeftOut))
            yield return new Text($"the model's server refuses {left.Parameter}: {CallWords.Of(left)}");
        if (run.Unplanned > 0)
            yield return new Text(Lines.Count(run.Unplanned, "unplanned experience"));
        if (run.OpenReviews > 0)
            yield return new Text(
                $"{Lines.Count(run.OpenReviews, "held experience")} {(run.OpenReviews == 1 ? "waits" : "wait")} for review: `aime review`"
            );
        if (run.Waiting > 0)
            yield return new Text($"{Lines.Count(run.Waiting, "input")} pending");
    }

    private static IEnumerable<IRenderable> Run(IAnsiConsole console, RunStatus run, bool instances)
    {
        foreach (var line in Head(run))
            yield return line;
        yield return Variants(console, run);
        if (instances)
            yield return Instances(console, run);
        foreach (var line in Parked(run))
            yield return line;
    }

    private static Table Variants(IAnsiConsole console, RunStatus run)
    {
        var table = Lines.Table(
            console,
            ("variant", false),
            ("instances", true),
            ("experiences", true),
            ("", false),
            ("rounds", false),
            ("finished", true),
            ("parked", true)
        );
        foreach (var variant in run.Plan.Variants)
        {
            var own = run.Instances.Where(l => l.Variant == variant.Name && l.Parent is null).ToList();
            var (done, all) = (own.Sum(l => l.OnPlan), own.Count * run.Plan.Cycles);
            table.AddRow(
                new Text(CompareCells.Folded(variant.Name, console.Profile.Width)),
                Right(Lines.Count(own.Count)),
                Right($"{Lines.Count(done)} of {Lines.Count(all)}"),
                Bar(console, done, all),
                new Text(Rounds(own, run.Plan)),
                Right(Lines.Count(own.Count(l => l.Status == InstanceState.Finished))),
                Right(Lines.Count(own.Count(l => l.Status == InstanceState.Parked)))
            );
        }

        return table;
    }

    private static Table Instances(IAnsiConsole console, RunStatus run)
    {
        var table = Lines.Table(console, ("instance", false), ("experiences", true), ("", false), ("round", false), ("status", false));
        foreach (var instance in run.Instances)
        {
            table.AddRow(
                new Text(instance.Name),
                Right(Far(instance, run.Plan)),
                Bar(console, instance.OnPlan, run.Plan.Cycles),
                new Text(instance.Generation < 0 ? "not started" : $"{instance.Generation} of {run.Plan.Rounds}"),
                new Text(RunWords.Of(instance.Status))
            );
        }

        return table;
    }

    /// <summary>The parked instances with reasons; nothing if there are none.</summary>
    public static IEnumerable<IRenderable> Parked(RunStatus run)
    {
        var parked = run.Instances.Where(l => l.Status == InstanceState.Parked).ToList();
        if (parked.Count == 0)
            yield break;
        yield return Lines.Heading(Lines.Count(parked.Count, "parked instance"), "stopped after repeated failures; the others continue");
        yield return Lines.Terms(parked.Take(MostReasons).Select(l => (l.Name, l.Parked ?? "the journal has no reason")));
        if (parked.Count > MostReasons)
            yield return new Text($"and {Lines.Count(parked.Count - MostReasons)} more: --json lists all", Lines.Dim);
    }

    private static string Far(InstanceStatus instance, RunPlan plan) =>
        $"{Lines.Count(instance.OnPlan)} of {Lines.Count(plan.Cycles)}"
        + (instance.Unplanned > 0 ? $" + {Lines.Count(instance.Unplanned)}" : "");

    private static string Rounds(IReadOnlyCollection<InstanceStatus> instances, RunPlan plan)
    {
        var (least, most) = (instances.Min(l => Math.Max(0, l.Generation)), instances.Max(l => Math.Max(0, l.Generation)));
        return $"{(least == most ? $"{least}" : $"{least} to {most}")} of {plan.Rounds}";
    }

    private static Text Bar(IAnsiConsole console, int done, int all) =>
        new(
            Lines.Bar(
                all == 0 ? 0 : (double)done / all,
                console.Profile.Width >= Lines.Wide ? 40 : 12,
                console.Profile.Capabilities.Unicode
            ),
            new Style(Color.Green)
        );

    private static Text Right(string text) => new Text(text).RightJustified();
}
