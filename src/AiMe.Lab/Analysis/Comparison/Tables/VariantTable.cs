using System.Collections.Immutable;
using static AiMe.Lab.Analysis.Comparison.Tables.PlainTable;

namespace AiMe.Lab.Analysis.Comparison.Tables;

/// <summary>Means over instances: one row a variant, generation and measure.</summary>
/// <remarks>
/// <c>n</c> counts instances; <c>mean</c>, <c>low</c> and <c>high</c> are over instances, with a 95% interval. Measures of a
/// round are empty at generation 0. With a baseline there are more columns, filled at the compared generation: the variant
/// minus the baseline, and its effect size.
/// </remarks>
public static class VariantTable
{
    private static readonly ImmutableArray<string> Header = ["run", "variant", "generation", "measure", "n", "mean", "low", "high"];
    private static readonly ImmutableArray<string> AgainstHeader =
    [
        "baseline",
        "pairs",
        "difference",
        "difference_low",
        "difference_high",
        "g",
        "g_low",
        "g_high",
        "superiority",
        "rank_biserial",
    ];

    /// <summary>The rows of a comparison.</summary>
    /// <param name="first">The first generation; 0 for all up to the compared one.</param>
    public static PlainTable Of(RunComparison comparison, int first) =>
        new(
            comparison.Baseline is null ? Header : [.. Header, .. AgainstHeader],
            [
                .. comparison.Variants.SelectMany(v =>
                    comparison.Measures.SelectMany(m =>
                        Enumerable.Range(first, comparison.Generation + 1 - first).Select(g => Row(comparison, v, m, g))
                    )
                ),
            ]
        );

    private static ImmutableArray<string> Row(RunComparison comparison, VariantSummary variant, Measure measure, int generation) =>
        [
            comparison.Plan.Run,
            variant.Name,
            Number(generation),
            measure.Key,
            .. Estimated(variant[measure][generation]),
            .. comparison.Baseline is null ? [] : Against(comparison, variant, measure, generation),
        ];

    private static ImmutableArray<string> Against(RunComparison comparison, VariantSummary variant, Measure measure, int generation)
    {
        if (generation < comparison.Generation || comparison.Against(variant.Name, measure) is not { } pair)
            return [comparison.Baseline!, .. Enumerable.Repeat("", AgainstHeader.Length - 1)];
        var effect = pair.Effect;
        return
        [
            comparison.Baseline!,
            .. Estimated(pair.Difference),
            Number(effect.G.Mean),
            Number(effect.G.Low),
            Number(effect.G.High),
            Number(effect.Superiority),
            Number(effect.RankBiserial),
        ];
    }

    private static ImmutableArray<string> Estimated(Estimate e) => [Number(e.N), Number(e.Mean), Number(e.Low), Number(e.High)];
}
