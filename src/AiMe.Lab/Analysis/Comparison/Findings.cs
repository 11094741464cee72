using System.Collections.Immutable;
using System.Diagnostics;
using AiMe.Faculties.Supervisor;
using AiMe.Metrics.Statistics;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>A statement about a comparison.</summary>
/// <param name="About">Its subject in one word; stable, for programs.</param>
/// <param name="Text">One to three sentences.</param>
public sealed record ComparisonFinding(string About, string Text);

/// <summary>States the findings of a comparison in words, without exceeding the evidence.</summary>
/// <remarks>
/// "Greater", "rose" and "fell" require a whole interval on one side; a difference between variants is claimed only if
/// the declared test supports it. Equality of two variants is never claimed: that would need an equivalence test.
/// </remarks>
public static class Findings
{
    /// <summary>The definition of drift, printed first.</summary>
    public const string Opening =
        "Bare drift: change of the model's own answers to the identity probes since generation 0, in bits: 0 = none, "
        + "1 = nothing in common.";

    /// <summary>The findings, the most important first.</summary>
    public static ImmutableArray<ComparisonFinding> Of(RunComparison comparison) =>
        [
            .. Incomplete(comparison),
            .. CallFindings.Of(comparison),
            .. DriftFindings.Moved(comparison),
            .. PairFindings.Of(comparison),
            .. DriftFindings.Quality(comparison),
            .. comparison.Baseline is null ? DriftFindings.Variety(comparison) : BaselineFindings.Of(comparison),
            .. TrainingFindings.Of(comparison),
            .. DriftFindings.Untrained(comparison),
            .. Replicates(comparison),
        ];

    private static IEnumerable<ComparisonFinding> Incomplete(RunComparison comparison)
    {
        List<string> parts = [];
        var open = comparison.Instances.Count(l => l.Status == InstanceState.Living);
        if (open > 0)
        {
            var which = comparison.Generation < comparison.Reached ? "as selected" : "the last that all instances have reached";
            var scope =
                comparison.Generation == 0
                    ? "Not all of them have completed a round, so there is nothing to compare yet."
                    : $"Variants are compared at generation {comparison.Generation} of {comparison.Plan.Rounds}, {which}.";
            parts.Add($"The run has not ended: {Sentence.Count(open, "instance is", "instances are")} still in progress. {scope}");
        }
        else if (comparison.Generation < comparison.Reached)
            parts.Add(
                $"Generation {comparison.Generation} was selected instead of the last ({comparison.Reached}): no test was declared "
                    + "for it, so everything is exploratory."
            );
        ImmutableArray<InstanceSummary> parked = [.. comparison.Instances.Where(l => l.IsCensored)];
        if (!parked.IsEmpty)
            parts.Add(
                $"{Sentence.Count(parked.Length, "instance", "instances")} of "
                    + $"{Sentence.Number(comparison.Instances.Length)} ended early ({Sentence.List(parked.Select(Ended))}): later data are "
                    + "missing, and means over the others may be biased."
            );
        if (Taken(comparison, d => d.After < comparison.Generation) is var (off, how))
            parts.Add(
                $"{Sentence.Count(off, "instance", "instances")} of {Sentence.Number(comparison.Instances.Length)} received "
                    + $"unplanned input ({how}); {(off == 1 ? "its" : "their")} figures are included in the means."
            );
        var end = comparison.Generation == comparison.Plan.Rounds ? "the end of the plan" : $"generation {comparison.Generation}";
        if (Taken(comparison, d => d.After >= comparison.Generation) is var (later, what))
            parts.Add(
                $"After {end}, {Sentence.Count(later, "instance", "instances")} received unplanned input ({what}); it does "
                    + "not affect these figures."
            );
        if (comparison.Plan.Rounds == 0)
            parts.Add("No instance completes a round in this experiment, so there is nothing to compare after generation 0.");
        if (parts.Count > 0)
            yield return new ComparisonFinding("incomplete", string.Join(' ', parts));
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

    private static IEnumerable<ComparisonFinding> Replicates(RunComparison comparison)
    {
        var n = comparison.Plan.Replicates;
        List<string> parts = [];
        if (n < RunComparison.FewReplicates)
            parts.Add(
                $"Warning: {Sentence.Count(n, "replicate is", "replicates are")} too few for a conclusion; use "
                    + $"{RunComparison.FewReplicates} or more."
            );
        var declared = comparison.Declared.ToArray();
        if (declared.Length > 0 && declared.All(p => p.CannotReach))
        {
            var pairs = declared.Max(p => p.Difference.N);
            var family = comparison.Family == 1 ? "" : $" divided over {comparison.Family} comparisons";
            var smallest =
                pairs == 0
                    ? "there are no pairs to test"
                    : $"with {Sentence.Count(pairs, "pair", "pairs")} of instances the smallest possible p of the sign-flip test "
                        + $"is {SignFlip.SmallestPossibleP(pairs):0.0###}, above {PairSummary.Alpha}{family}";
            var needed = PairSummary.PairsNeeded(comparison.Family);
            parts.Add(
                $"Cannot reach significance: {smallest}, so no difference between trained variants, of any size, can be "
                    + "established here."
                    + (needed is null ? "" : $" At least {needed} replicates are needed, and more for a small difference.")
            );
        }

        if (parts.Count > 0)
            yield return new ComparisonFinding("replicates", string.Join(' ', parts));
    }
}
