using System.Collections.Immutable;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>Findings on differences from the baseline.</summary>
internal static class BaselineFindings
{
    // As for effect sizes: two pairs have an interval, but support no claim.
    private const int LeastPairs = 3;

    /// <summary>Per variant, the measures whose differences exclude 0, and those without a claim.</summary>
    public static IEnumerable<ComparisonFinding> Of(RunComparison comparison)
    {
        if (comparison.Baseline is not { } baseline || comparison.Generation == 0)
            yield break;
        foreach (var variant in comparison.Variants.Where(v => v.Name != baseline))
        {
            ImmutableArray<PairSummary> pairs =
            [
                .. comparison
                    .BaselineMeasures.Select(m => comparison.Against(variant.Name, m))
                    .OfType<PairSummary>()
                    .Where(p => !p.Declared && p.Difference.HasInterval && !IsByConstruction(p)),
            ];
            var few = Sentence.List(pairs.Where(p => p.Difference.N < LeastPairs).Select(p => $"{p.Measure.Title} ({p.Difference.N})"));
            pairs = pairs.RemoveAll(p => p.Difference.N < LeastPairs);
            var higher = Sentence.List(pairs.Where(p => p.Difference.IsAbove(0)).Select(Shown));
            var lower = Sentence.List(pairs.Where(p => p.Difference.IsBelow(0)).Select(Shown));
            var open = Sentence.List(pairs.Where(p => !p.Difference.IsAbove(0) && !p.Difference.IsBelow(0)).Select(p => p.Measure.Title));
            List<string> parts = [];
            if (higher.Length > 0)
                parts.Add($"higher in {higher}");
            if (lower.Length > 0)
                parts.Add($"lower in {lower}");
            if (open.Length > 0)
                parts.Add($"with an interval that contains 0 in {open}");
            if (few.Length > 0)
                parts.Add($"too few pairs of {UnitWords.One(comparison.Plan)}s in {few}");
            if (parts.Count > 0)
                yield return new ComparisonFinding(
                    "baseline",
                    $"{variant.Name} against {baseline}, {UnitWords.Paired(comparison.Plan)} (exploratory): {string.Join("; ", parts)}."
                );
        }
    }

    // A drift against a constant 0 excludes 0 as soon as anything changes.
    private static bool IsByConstruction(PairSummary pair) => pair.IsFixed && pair.Measure.Key == Measure.BareDrift.Key;

    private static string Shown(PairSummary pair) => $"{pair.Measure.Title} {pair.Measure.Show(pair.Difference, difference: true)}";
}
