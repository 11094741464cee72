using System.Collections.Immutable;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison.Declared;
using static AiMe.Lab.Analysis.Comparison.Tables.PlainTable;

namespace AiMe.Lab.Analysis.Comparison.Tables;

/// <summary>One row a contrast: every declared test, then the exploratory differences of the shown measures.</summary>
/// <remarks>
/// <c>declared</c> is primary, secondary or no; an exploratory p is of a two-sided sign-flip test and corrected for nothing.
/// The estimate is <c>first</c> minus <c>second</c>. <c>note</c> says why there is no p, or what a test lacks.
/// </remarks>
public static class ContrastTable
{
    private static readonly ImmutableArray<string> Header =
    [
        "run",
        "generation",
        "outcome",
        "contrast",
        "variants",
        "first",
        "second",
        "direction",
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
        "note",
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
            string.Join(' ', test.Variants),
            Ends(test).First,
            Ends(test).Second,
            TestWords.Predicted(test.Direction, test.Outcome),
            test.IsPrimary ? "primary" : "secondary",
            TestWords.Name(test),
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
            Note(test),
        ];

    private static ImmutableArray<string> Exploratory(RunComparison comparison, PairSummary pair) =>
        [
            comparison.Plan.Run,
            Number(comparison.Generation),
            pair.Measure.Key,
            $"{pair.First} - {pair.Second}",
            $"{pair.First} {pair.Second}",
            pair.First,
            pair.Second,
            "either",
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
            !double.IsNaN(pair.P) ? ""
            : pair.IsFixed ? TestSentence.Fixed(pair.Still, pair.Measure)
            : NoPair,
        ];

    private const string NoPair = "no replicate has both at this generation";

    // The estimate is always the first minus the second; of ordered variants it is the last minus the first.
    private static (string First, string Second) Ends(DeclaredTest test) =>
        test.Contrast is DeclaredContrast.Ordered ? (test.Variants[^1], test.Variants[0]) : (test.Variants[0], test.Variants[1]);

    private static string Note(DeclaredTest test) =>
        double.IsNaN(test.P) ? TestSentence.WhyNot(test)
        : test.Undefined.Sum() == 0 ? ""
        : $"undefined in {string.Join(", ", test.Variants.Zip(test.Undefined, (v, n) => (v, n)).Where(u => u.n > 0).Select(Of))}";

    private static string Of((string Variant, int Number) undefined) => $"{undefined.Number} of {undefined.Variant}";

    // A survival is told from a value by its bound.
    private static string Outcome(DeclaredTest test) =>
        test.Outcome is DeclaredOutcome.Survival s ? $"{test.Measure.Key} {(s.Above ? '>' : '<')} {Number(s.Bound)}" : test.Measure.Key;
}
