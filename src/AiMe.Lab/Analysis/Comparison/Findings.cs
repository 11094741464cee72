using System.Collections.Immutable;
using System.Diagnostics;
using AiMe.Faculties.Supervisor;
using AiMe.Metrics.Statistics;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>A plain statement about a comparison.</summary>
/// <param name="About">What it is about, in one word; stable, for programs.</param>
/// <param name="Text">One to three sentences for people.</param>
public sealed record ComparisonFinding(string About, string Text);

/// <summary>What a comparison shows, in words, and no more than it shows.</summary>
/// <remarks>
/// "Greater", "rose" and "fell" are said only where a whole interval lies on one side; a difference between variants is claimed only where
/// the declared test allows it. That two variants do not differ is never said: it would take an equivalence test.
/// </remarks>
public static class Findings
{
    /// <summary>The line that explains drift.</summary>
    public const string Opening =
        "Bare drift: how far the model's own answers to the identity probes have moved from birth, in bits: 0 = the "
        + "same, 1 = nothing in common.";

    /// <summary>The findings, the most important first.</summary>
    public static ImmutableArray<ComparisonFinding> Of(RunComparison comparison) =>
        [
            .. Incomplete(comparison),
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
        var living = comparison.Instances.Count(l => l.Status == InstanceState.Living);
        if (living > 0)
            parts.Add(
                $"The run has not ended: {Sentence.Count(living, "life goes", "lives go")} on, and "
                    + $"{(comparison.Generation == 0 ? "not all of them have completed a round: there is nothing to compare yet" : $"variants are compared at generation {comparison.Generation} of {comparison.Plan.Rounds}, {(comparison.Generation < comparison.Reached ? "which was chosen" : "the last that all of them have reached")}")}."
            );
        else if (comparison.Generation < comparison.Reached)
            parts.Add(
                $"Generation {comparison.Generation} was chosen, not the last that was reached ({comparison.Reached}): "
                    + "nothing was declared for it, so all of this is exploratory."
            );
        ImmutableArray<InstanceSummary> parked = [.. comparison.Instances.Where(l => l.IsCensored)];
        if (!parked.IsEmpty)
            parts.Add(
                $"{Sentence.Count(parked.Length, "life", "lives")} of {comparison.Instances.Length} ended early "
                    + $"({Sentence.List(parked.Select(Ended))}): what they would have become is unknown, and means over the "
                    + "others may be biased by it."
            );
        if (Taken(comparison, d => d.After < comparison.Generation) is var (off, how))
            parts.Add(
                $"Somebody took part in {Sentence.Count(off, "life", "lives")} of {comparison.Instances.Length} beside the "
                    + $"plan ({how}): from then on it was not the planned life, and its figures stand in the means all the same."
            );
        if (Taken(comparison, d => d.After >= comparison.Generation) is var (later, what))
            parts.Add(
                $"After {(comparison.Generation == comparison.Plan.Rounds ? "the plan's end" : $"generation {comparison.Generation}")} "
                    + $"somebody took part in {Sentence.Count(later, "life", "lives")} ({what}): that is not in these figures."
            );
        if (comparison.Plan.Rounds == 0)
            parts.Add("No life completes a round in this experiment, so there is nothing after birth to compare.");
        if (parts.Count > 0)
            yield return new ComparisonFinding("incomplete", string.Join(' ', parts));
    }

    // In how many lives something was done, and what in each; null where in none.
    private static (int Lives, string What)? Taken(RunComparison comparison, Func<Intervention, bool> counts)
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
            InterventionKind.Appointed => $"{Sentence.Count(times, "model", "models")} made champion by hand",
            _ => throw new UnreachableException(),
        };

    private static string Ended(InstanceSummary instance) =>
        instance.Reached < 0 ? $"{instance.Instance} before birth" : $"{instance.Instance} after generation {instance.Reached}";

    private static IEnumerable<ComparisonFinding> Replicates(RunComparison comparison)
    {
        var n = comparison.Plan.Replicates;
        List<string> parts = [];
        if (n < RunComparison.FewReplicates)
            parts.Add(
                $"Warning: {Sentence.Count(n, "replicate is", "replicates are")} too few to rely "
                    + $"on{(n == 1 ? " - one life is an anecdote" : "")}; use {RunComparison.FewReplicates} or more."
            );
        var declared = comparison.Declared.ToArray();
        if (declared.Length > 0 && declared.All(p => p.CannotReach))
        {
            var pairs = declared.Max(p => p.Difference.N);
            var family = comparison.Family == 1 ? "" : $" divided over {comparison.Family} comparisons";
            var smallest =
                pairs == 0
                    ? "the test of differences has nothing to work on"
                    : $"the smallest p that the test of differences can give with {Sentence.Count(pairs, "pair", "pairs")} "
                        + $"of lives is {SignFlip.SmallestPossibleP(pairs):0.0###}, above {PairSummary.Alpha}{family}";
            var needed = PairSummary.PairsNeeded(comparison.Family);
            parts.Add(
                $"Cannot reach significance: {smallest}, so no difference between trained variants can be established "
                    + "here, whatever its "
                    + $"size.{(needed is null ? "" : $" At least {needed} replicates are needed, and more for a small difference.")}"
            );
        }

        if (parts.Count > 0)
            yield return new ComparisonFinding("replicates", string.Join(' ', parts));
    }
}
