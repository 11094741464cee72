using System.Collections.Immutable;
using System.Diagnostics;
using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>Findings on instances that have not ended, ended early, or received unplanned input.</summary>
internal static class IncompleteFindings
{
    public static IEnumerable<ComparisonFinding> Of(RunComparison comparison)
    {
        var n = comparison.Instances.Length;
        var open = comparison.Instances.Count(l => l.Status == InstanceState.Living);
        if (open > 0)
            yield return Finding(
                $"The run has not ended: {Sentence.Count(open, "instance is", "instances are")} still in progress, and "
                    + (
                        comparison.Generation == 0
                            ? "not all of them have completed a round, so there is nothing to compare yet."
                            : $"variants are compared at generation {comparison.Generation} of {comparison.Plan.Rounds}."
                    )
            );
        ImmutableArray<InstanceSummary> parked = [.. comparison.Instances.Where(l => l.IsCensored)];
        if (!parked.IsEmpty)
            yield return Finding(
                $"{Sentence.Count(parked.Length, "instance", "instances")} of {Sentence.Number(n)} ended early "
                    + $"({Sentence.List(parked.Select(Ended))}): later data are missing, and means over the others may be biased."
            );
        foreach (var finding in Unplanned(comparison))
            yield return finding;
        if (comparison.Plan.Rounds == 0)
            yield return Finding("No instance completes a round in this experiment, so there is nothing to compare after generation 0.");
    }

    private static IEnumerable<ComparisonFinding> Unplanned(RunComparison comparison)
    {
        var n = Sentence.Number(comparison.Instances.Length);
        if (Taken(comparison, d => d.After < comparison.Generation) is var (off, how))
            yield return Finding(
                $"{Sentence.Count(off, "instance", "instances")} of {n} received unplanned input ({how}) and "
                    + (
                        comparison.IsPlannedOnly
                            ? $"{(off == 1 ? "is" : "are")} left out, with {(off == 1 ? "its" : "their")} replicates in differences."
                            : $"{(off == 1 ? "is" : "are")} included; --planned-only leaves {(off == 1 ? "it" : "them")} out."
                    )
            );
        else if (comparison.IsPlannedOnly)
            yield return Finding("No instance is left out: none received unplanned input before this generation.");
        var end = comparison.Generation == comparison.Plan.Rounds ? "the end of the plan" : $"generation {comparison.Generation}";
        if (Taken(comparison, d => d.After >= comparison.Generation) is var (later, what))
            yield return new ComparisonFinding(
                "incomplete",
                $"After {end}, {Sentence.Count(later, "instance", "instances")} received unplanned input ({what}); it does not affect "
                    + "these figures.",
                Detail: true
            );
    }

    // The number of instances with an intervention, and the interventions of each; null if there are none.
    private static (int Instances, string What)? Taken(RunComparison comparison, Func<Intervention, bool> counts)
    {
        string[] each =
        [
            .. comparison
                .Instances.Where(l => l.Deeds.Any(counts))
                .Select(l =>
                    $"{l.Instance}: "
                    + $"{Sentence.List(l.Deeds.Where(counts).GroupBy(d => d.Kind).OrderBy(g => g.Key).Select(g => Done(g.Key, g.Count())))}"
                ),
        ];
        return each.Length == 0 ? null : (each.Length, Sentence.List(each));
    }

    private static ComparisonFinding Finding(string text) => new("incomplete", text);

    private static string Done(InterventionKind kind, int times) =>
        kind switch
        {
            InterventionKind.Spoke => Sentence.Count(times, "experience", "experiences"),
            InterventionKind.EndedRound => $"{Sentence.Count(times, "round", "rounds")} ended early",
            InterventionKind.Appointed => $"{Sentence.Count(times, "manual change", "manual changes")} of the champion",
            _ => throw new UnreachableException(),
        };

    private static string Ended(InstanceSummary instance) =>
        instance.Reached < 0 ? $"{instance.Instance} before generation 0" : $"{instance.Instance} after generation {instance.Reached}";
}
