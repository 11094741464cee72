using System.Collections.Immutable;
using System.Diagnostics;
using AiMe.Faculties.Supervisor;
using AiMe.Metrics.Statistics;

namespace AiMe.Lab.Analysis.Comparison.Declared;

/// <summary>Computes the tests that an analysis declares: every outcome by every contrast that applies to it.</summary>
internal static class DeclaredTests
{
    /// <summary>The tests, primary ones first, each family in the order of the plan and corrected by itself.</summary>
    public static ImmutableArray<DeclaredTest> Of(ContrastData data, AnalysisPlan plan) =>
        [.. Family(data, plan, plan.Primary, isPrimary: true), .. Family(data, plan, plan.Secondary, isPrimary: false)];

    /// <summary>The variants of a contrast, in its order.</summary>
    public static ImmutableArray<string> VariantsOf(DeclaredContrast contrast) =>
        contrast switch
        {
            DeclaredContrast.Pair p => [p.First, p.Second],
            DeclaredContrast.Ordered o => o.Variants,
            DeclaredContrast.Equivalent e => [e.First, e.Second],
            _ => throw new UnreachableException(),
        };

    /// <summary>The same tests with the size of their families, before anything is computed.</summary>
    /// <param name="variants">Summaries of the run, to tell which variants could not change; may be empty.</param>
    public static ImmutableArray<DeclaredTest> Blank(ImmutableArray<VariantSummary> variants, AnalysisPlan plan) =>
        [.. Blank(variants, plan, plan.Primary, isPrimary: true), .. Blank(variants, plan, plan.Secondary, isPrimary: false)];

    private static IEnumerable<DeclaredTest> Blank(
        ImmutableArray<VariantSummary> variants,
        AnalysisPlan plan,
        ImmutableArray<DeclaredOutcome> outcomes,
        bool isPrimary
    )
    {
        DeclaredTest[] tests =
        [
            .. outcomes.SelectMany(outcome =>
                plan.Contrasts.Where(c => c.AppliesTo(outcome)).Select(c => Blank(variants, plan, outcome, c, isPrimary))
            ),
        ];
        return tests.Select(t => t with { Family = tests.Length });
    }

    private static IEnumerable<DeclaredTest> Family(
        ContrastData data,
        AnalysisPlan plan,
        ImmutableArray<DeclaredOutcome> outcomes,
        bool isPrimary
    )
    {
        DeclaredTest[] tests = [.. Blank(data.Variants, plan, outcomes, isPrimary).Select(blank => Computed(blank, data, plan))];
        var corrected = Holm.Adjust([.. tests.Select(t => t.P)]);
        // A test that is not made takes no step of the correction, neither the first nor the best.
        var best = Holm.Adjust([.. tests.Select(t => double.IsNaN(t.P) ? double.NaN : t.SmallestP)]);
        return tests.Select((t, i) => t with { CorrectedP = corrected[i], CannotReach = !(best[i] <= plan.Alpha) });
    }

    private static DeclaredTest Blank(
        ImmutableArray<VariantSummary> summaries,
        AnalysisPlan plan,
        DeclaredOutcome outcome,
        DeclaredContrast contrast,
        bool isPrimary
    )
    {
        var measure = Measure.Find(outcome.Measure)
            ?? throw new ArgumentException($"The plan declares the measure '{outcome.Measure}', expected one of {Measure.Names}.");
        var variants = VariantsOf(contrast);
        return new DeclaredTest(outcome, measure, contrast, MethodOf(contrast, outcome), isPrimary)
        {
            Variants = variants,
            Direction = contrast switch
            {
                DeclaredContrast.Pair p => p.Direction,
                DeclaredContrast.Ordered o => o.Direction,
                _ => EffectDirection.Either,
            },
            Alpha = plan.Alpha,
            Confidence = 1 - plan.Alpha,
            Still = [.. summaries.Where(v => variants.Contains(v.Name) && v.IsFixed(measure)).Select(v => v.Name)],
        };
    }

    private static TestMethod MethodOf(DeclaredContrast contrast, DeclaredOutcome outcome) =>
        (contrast, outcome) switch
        {
            (DeclaredContrast.Ordered, _) => TestMethod.Page,
            (DeclaredContrast.Equivalent, _) => TestMethod.Equivalence,
            (DeclaredContrast.Pair, DeclaredOutcome.Survival) => TestMethod.LogRank,
            (DeclaredContrast.Pair, DeclaredOutcome.Value) => TestMethod.SignFlip,
            _ => throw new UnreachableException(),
        };

    // A variant that could not change makes a p meaningless; the test stays in its family all the same, without one.
    private static DeclaredTest Computed(DeclaredTest blank, ContrastData data, AnalysisPlan plan)
    {
        var test = blank.Method switch
        {
            TestMethod.SignFlip => PairTest.SignFlips(blank, data, plan),
            TestMethod.Equivalence => PairTest.Equivalence(blank, data),
            TestMethod.LogRank => SurvivalTest.LogRanks(blank, data),
            TestMethod.Page => OrderTest.Page(blank, data, plan),
            _ => throw new UnreachableException(),
        };
        test = test with
        {
            IsOverCharters = data.Units.AreCharters,
            Undefined = [.. test.Variants.Select(v => data.UndefinedIn(v, test.Outcome, test.Measure).Length)],
        };
        // The attainable size is that of untied data; with ties it can be none.
        if (test.SmallestP > test.Alpha)
            test = test with { AttainableSize = 0 };
        return test.Still.IsEmpty ? test : test with { P = double.NaN };
    }

    /// <summary>The direction of a test whose statistic grows with the outcome.</summary>
    public static Direction Sided(EffectDirection direction) =>
        direction switch
        {
            EffectDirection.Either => Direction.Either,
            EffectDirection.Higher => Direction.Greater,
            EffectDirection.Lower => Direction.Less,
            _ => throw new UnreachableException(),
        };
}
