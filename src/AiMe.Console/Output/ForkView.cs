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

/// <summary>The result of a fork.</summary>
/// <param name="Made">The forks; with controls, the changed ones first.</param>
/// <param name="Over">Whether each fork has reached the end of the plan or is parked.</param>
/// <param name="Comparison">Changed against unchanged forks; null without replicates or before the end.</param>
internal sealed record ForkReport(
    ForkTarget Target,
    SupervisorState Run,
    ImmutableArray<ForkRequest> Made,
    bool Over,
    RunComparison? Comparison
)
{
    /// <summary>The position of the parent at the fork, in words.</summary>
    public string Where =>
        Target.Point switch
        {
            { Generation: < 0 } => "before generation 0",
            { IsBoundary: true, Self.Phase: SelfPhase.RoundClosed } p => $"after generation {p.Generation}",
            { IsBoundary: true } p => $"after cycle {p.Cycle}",
            { Self.Phase: SelfPhase.Probing or SelfPhase.EndingRound } p => $"at the end of the round of cycle {p.Self.Cycle}",
            { Self.Phase: SelfPhase.ChangingPolicy } p => $"after cycle {p.Self.Cycle}, during a change of policy",
            { Self.Phase: SelfPhase.ChangingModel } p => $"after cycle {p.Self.Cycle}, during a change of model",
            var p => $"during cycle {p.Self.Cycle}",
        };

    /// <summary>The changed settings in words; empty if nothing is changed.</summary>
    public ImmutableArray<(string What, string How)> Changes =>
        SettingsDifference.Between(Target.Order.Before, Target.Order.Changed, Run.Plan!.Every);
}

/// <summary>Prints the result of a fork.</summary>
internal static class ForkView
{
    public static void Write(IAnsiConsole console, ForkReport report, StoreAddress store)
    {
        var order = report.Target.Order;
        var made = order.Replicates == 0 ? report.Made[0].Name : $"{order.Replicates} forks and {order.Replicates} controls";
        console.MarkupLineInterpolated($"[bold]{made}[/]  from event {Lines.Count(order.Index)} of {order.Parent}, {report.Where}");
        var changes = report.Changes;
        console.Write(changes.IsEmpty ? new Text("No setting is changed: the fork repeats its parent.\n") : Lines.Terms(changes));
        if (order.Replicates == 0)
            One(console, report);
        else if (report.Comparison is { } comparison)
            Difference(console, report, comparison);
        else
            console.WriteLine(
                $"{Lines.Count(report.Made.Length, "fork")} not yet run to the end of the plan. Run the same command to run them."
            );
        console.WriteLine($"{order.Parent} is unchanged, and the run's digest covers only its planned instances.");
        if (order.Replicates == 0)
        {
            var (parent, fork) = ($"{report.Run.Plan!.Run}/{order.Parent}", $"{report.Run.Plan.Run}/{report.Made[0].Name}");
            TerminalWriter.Line($"  {Invocation.Of("diff", parent, fork, "--store", store)}");
        }
    }

    private static void One(IAnsiConsole console, ForkReport report)
    {
        var (plan, instance) = (report.Run.Plan!, report.Run.Instances[report.Made[0].Name]);
        console.WriteLine(
            instance.Status switch
            {
                InstanceState.Parked => $"It is parked: {instance.Reason}. To resume it, run the command that started its run.",
                InstanceState.Finished when instance.IsAtRest =>
                    $"It reached the end of the plan: {Lines.Count(instance.Cycle, "experience")}, generation {instance.Generation} "
                        + $"of {plan.Rounds}, digest {instance.Heads.Digest()[..12]}.",
                _ => "It has not reached the end of the plan. To run it, repeat this command, or the command that started the run.",
            }
        );
    }

    private static void Difference(IAnsiConsole console, ForkReport report, RunComparison comparison)
    {
        var (changed, same) = (comparison.Variants[0], comparison.Variants[1]);
        if (comparison.Generation <= report.Target.Point.Generation)
        {
            console.WriteLine(
                $"No round was completed after event {Lines.Count(report.Target.Order.Index)}: up to generation "
                    + $"{comparison.Generation} the forks are identical, and there is no difference to measure. Fork earlier."
            );
            return;
        }

        console.Write(
            Lines.Heading(
                $"Changed minus unchanged at generation {comparison.Generation}",
                "means, and 95% interval over the pairs of forks with the same seed"
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
            var (mean, range) = measure.Parts(pair.Difference, difference: true);
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
        yield return "The intervals cover random variation (sampling and training under other seeds) after event "
            + $"{Lines.Count(order.Index)} of this instance. They do not generalize to other instances; for that, run an "
            + "experiment with both settings and replicates.";
        if (drift.Declared)
        {
            var result =
                drift.IsFixed
                    ? $"{string.Join(" and ", drift.Still)} still {(drift.Still.Length == 1 ? "has" : "have")} the base model, so it "
                        + "is fixed at 0 and not tested"
                : drift.CannotReach ? $"with {drift.Difference.N} pairs it cannot reach significance"
                : FormattableString.Invariant($"p = {drift.P:0.####} (sign-flip test)");
            yield return $"Of a fork, only bare drift is tested: {result}. All other differences are exploratory.";
        }
        if (report.Made.Count(w => report.Run.Instances[w.Name].Status == InstanceState.Parked) is > 0 and var parked)
            yield return $"{Lines.Count(parked)} of {Lines.Count(report.Made.Length)} forks are parked; data after that point are missing.";
    }

    private static Text Right(string text) => new Text(text).RightJustified();
}
