using System.Collections.Immutable;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison.Declared;
using static AiMe.Lab.Analysis.Comparison.Tables.PlainTable;

namespace AiMe.Lab.Analysis.Comparison.Tables;

/// <summary>One row a contrast: every declared test, then the exploratory differences of the shown measures.</summary>
/// <remarks>
/// <c>declared</c> is primary, secondary or no; an exploratory p is of a two-sided sign-flip test and corrected for nothing.
/// </remarks>
public static class ContrastTable
{
    private static readonly ImmutableArray<string> Header =
    [
        "run",
        "generation",
        "outcome",
        "contrast",
        "declared",
        "method",
        "n",
        "estimate",
        "low",
        "high",
        "confidence",
        "statistic",
        "p",
        "corrected_p",
        "smallest_p",
        "true_size",
        "verdict",
    ];

    /// <summary>The rows of a comparison.</summary>
    public static PlainTable Of(RunComparison comparison) =>
        new(
            Header,
            [
                .. comparison.Tests.Select(t => Declared(comparison, t)),
                .. comparison
                    .Pairs.Where(p => !p.Declared && comparison.Measures.Any(m => m.Key == p.Measure.Key))
                    .Select(p => Exploratory(comparison, p)),
            ]
        );

    private static ImmutableArray<string> Declared(RunComparison comparison, DeclaredTest test) =>
        [
            comparison.Plan.Run,
            Number(comparison.Generation),
            Outcome(test),
            TestWords.Contrast(test),
            test.IsPrimary ? "primary" : "secondary",
            TestWords.Method(test),
            Number(test.N),
            Number(test.Estimate.Mean),
            Number(test.Estimate.Low),
            Number(test.Estimate.High),
            Number(test.Confidence),
            Number(test.Statistic),
            Number(test.P),
            Number(test.CorrectedP),
            Number(test.SmallestP),
            Number(test.AttainableSize),
            TestWords.Verdict(test),
        ];

    private static ImmutableArray<string> Exploratory(RunComparison comparison, PairSummary pair) =>
        [
            comparison.Plan.Run,
            Number(comparison.Generation),
            pair.Measure.Key,
            $"{pair.First} - {pair.Second}",
            "no",
            "sign flips",
            Number(pair.Difference.N),
            Number(pair.Difference.Mean),
            Number(pair.Difference.Low),
            Number(pair.Difference.High),
            Number(Estimate.Level),
            Number(pair.Difference.Mean),
            Number(pair.P),
            "",
            "",
            "",
            "",
        ];

    // A survival is told from a value by its bound.
    private static string Outcome(DeclaredTest test) =>
        test.Outcome is DeclaredOutcome.Survival s ? $"{test.Measure.Key} {(s.Above ? '>' : '<')} {Number(s.Bound)}" : test.Measure.Key;
}
