using System.Collections.Immutable;
using AiMe.Console.Commands;
using AiMe.Console.Terminal;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Runs.Forks;
using Spectre.Console;

namespace AiMe.Console.Output;

/// <summary>What came of a fork.</summary>
/// <param name="Made">The forks; with controls, the changed ones first.</param>
/// <param name="Over">Whether all of them lived to the plan's end or are parked.</param>
/// <param name="Comparison">Of changed and unchanged, where there are replicates and all is over.</param>
internal sealed record ForkReport(
    ForkTarget Target,
    SupervisorState Run,
    ImmutableArray<ForkRequest> Made,
    bool Over,
    RunComparison? Comparison
)
{
    /// <summary>Where the parent stood, in words.</summary>
    public string Where =>
        Target.Point switch
        {
            { Generation: < 0 } => "during its birth",
            { IsBoundary: true, Self.Phase: SelfPhase.RoundClosed } p => $"behind generation {p.Generation}",
            { IsBoundary: true } p => $"behind cycle {p.Cycle}",
            { Self.Phase: SelfPhase.Probing or SelfPhase.EndingRound } p => $"at the end of the round of cycle {p.Self.Cycle}",
            { Self.Phase: SelfPhase.ChangingModel } p => $"behind cycle {p.Self.Cycle}, while its model changes",
            var p => $"in the middle of cycle {p.Self.Cycle}",
        };

    /// <summary>What is changed, in words; empty where nothing is.</summary>
    public ImmutableArray<(string What, string How)> Changes =>
        SettingsDifference.Between(Target.Order.Before, Target.Order.Changed, Run.Plan!.Every);
}

/// <summary>What came of a fork, for people.</summary>
internal static class ForkView
{
    public static void Write(IAnsiConsole console, ForkReport report, StoreAddress store)
    {
        var order = report.Target.Order;
        var made = order.Replicates == 0 ? report.Made[0].Name : $"{order.Replicates} forks and {order.Replicates} controls";
        console.MarkupLineInterpolated($"[bold]{made}[/]  from event {order.Index} of {order.Parent}, {report.Where}");
        var changes = report.Changes;
        console.Write(changes.IsEmpty ? new Text("Nothing is changed: it lives its parent's life again.\n") : Lines.Terms(changes));
        if (order.Replicates == 0)
            One(console, report);
        else if (report.Comparison is { } comparison)
            Difference(console, report, comparison);
        else
            console.WriteLine($"{report.Made.Length} lives wait to be lived to the plan's end.");
        console.WriteLine($"{order.Parent} is untouched, and the run's digest is of its planned lives alone.");
        if (order.Replicates == 0)
            TerminalWriter.Line(
                $"  {Invocation.Of("diff", $"{report.Run.Plan!.Run}/{order.Parent}", $"{report.Run.Plan.Run}/{report.Made[0].Name}", "--store", store)}"
            );
    }

    private static void One(IAnsiConsole console, ForkReport report)
    {
        var (plan, instance) = (report.Run.Plan!, report.Run.Instances[report.Made[0].Name]);
        console.WriteLine(
            instance.Status switch
            {
                InstanceState.Parked => $"It is parked: {instance.Reason}. The command that started its run takes it up again.",
                InstanceState.Finished when instance.IsAtRest =>
                    $"It lived to the plan's end: {Lines.Count(instance.Cycle, "experience")}, generation {instance.Generation} "
                        + $"of {plan.Rounds}, digest {instance.Heads.Digest()[..12]}.",
                _ => "It waits to be lived to the plan's end: the same command does so, and the one that started its run.",
            }
        );
    }

    private static void Difference(IAnsiConsole console, ForkReport report, RunComparison comparison)
    {
        var (changed, same) = (comparison.Variants[0], comparison.Variants[1]);
        if (comparison.Generation <= report.Target.Point.Generation)
        {
            console.WriteLine(
                $"No round was completed behind event {report.Target.Order.Index}: up to generation "
                    + $"{comparison.Generation} they share everything, and there is no difference to measure. Fork earlier."
            );
            return;
        }

        console.Write(
            Lines.Heading(
                $"Changed minus unchanged at generation {comparison.Generation}",
                "means and 95% interval over the pairs of forks with one seed that have the figure"
            )
        );
        console.WriteLine();
        var table = Lines.Table(
            console,
            ("", false),
            ("unchanged", true),
            ("changed", true),
            ("difference", true),
            ("95% interval", true),
            ("pairs", true)
        );
        foreach (var measure in comparison.Measures)
        {
            var pair = comparison.Pair(changed.Name, same.Name, measure);
            var (mean, range) = measure.Parts(pair.Difference, signed: true);
            table.AddRow(
                new Text(measure.Title),
                Right(measure.Show(pair.Means.Second)),
                Right(measure.Show(pair.Means.First)),
                Right(pair.Difference.N == 0 ? "-" : mean),
                Right(range.Length == 0 ? "-" : range),
                Right($"{pair.Difference.N}")
            );
        }

        console.Write(table);
        foreach (var sentence in Sentences(report, comparison, comparison.Pair(changed.Name, same.Name, Measure.BareDrift)))
            console.WriteLine(sentence);
    }

    private static IEnumerable<string> Sentences(ForkReport report, RunComparison comparison, PairSummary drift)
    {
        var order = report.Target.Order;
        yield return $"The intervals are over what chance did after event {order.Index}: sampling and training under other seeds, from "
            + "this one moment of this one life. They say nothing of other lives; for those run an experiment with both "
            + "settings and replicates.";
        if (drift.Declared)
            yield return "Bare drift is the one comparison that was declared beforehand: "
                + $"{(drift.IsFixed ? $"{string.Join(" and ", drift.Still)} still {(drift.Still.Length == 1 ? "has" : "have")} the base model, so it is fixed at 0 and not tested" : drift.CannotReach ? $"with {drift.Difference.N} pairs it could not reach significance whatever came of it" : FormattableString.Invariant($"p = {drift.P:0.####} by flipping signs"))}. "
                + "All others are exploratory.";
        if (report.Made.Count(w => report.Run.Instances[w.Name].Status == InstanceState.Parked) is > 0 and var parked)
            yield return $"{Lines.Count(parked)} of {report.Made.Length} lives are parked; their later generations are unknown.";
    }

    private static Text Right(string text) => new Text(text).RightJustified();
}
