using System.Collections.Immutable;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Comparison.Declared;
using AiMe.Lab.Analysis.Comparison.Tables;

namespace AiMe.Web.Report;

/// <summary>Every other variant minus the baseline, measure by measure.</summary>
public static class BaselineTable
{
    /// <summary>The rows of a comparison with a baseline; none without one.</summary>
    public static PlainTable Of(RunComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        return new PlainTable(
            ["variant", "outcome", "difference", "g_z", "higher in", "p (declared, corrected)"],
            [
                .. from variant in comparison.Variants
                from measure in comparison.BaselineMeasures
                let pair = comparison.Against(variant.Name, measure)
                where pair is not null && pair.Difference.N > 0
                select Row(variant, pair),
            ]
        );
    }

    private static ImmutableArray<string> Row(VariantSummary variant, PairSummary pair) =>
        [
            variant.Name,
            pair.Measure.Title,
            pair.Measure.Show(pair.Difference, difference: true),
            Cells.Of(pair.Effect.G.Mean),
            pair.Differences.All(d => d == 0) ? "all equal" : $"{pair.Differences.Count(d => d > 0)} of {pair.Differences.Length}",
            pair.Declared ? TestWords.P(pair.CorrectedP) : "",
        ];
}
