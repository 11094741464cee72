using AiMe.Faculties.Supervisor;
using AiMe.Metrics.Statistics;

namespace AiMe.Lab.Analysis.Comparison.Declared;

/// <summary>Tests of the paired differences of two variants.</summary>
internal static class PairTest
{
    /// <summary>Sign flips, in the declared direction.</summary>
    public static DeclaredTest SignFlips(DeclaredTest test, ContrastData data, AnalysisPlan plan)
    {
        var (first, second) = (test.Variants[0], test.Variants[1]);
        var differences = data.Differences(test.Measure, first, second);
        var direction = DeclaredTests.Sided(test.Direction);
        var (estimate, interval) = EstimateOf(test, differences, data, plan);
        var smallest = SignFlip.SmallestPossibleP(differences, direction);
        return test with
        {
            N = differences.Length,
            Estimate = estimate,
            Interval = interval,
            Statistic = estimate.Mean,
            Effect = estimate.Mean,
            P = SignFlip.PValue(differences, data.Seed.Derive("sign-flip", first, second, test.Measure.Key).Value, direction),
            IsExact = differences.Length <= SignFlip.ExactUpTo,
            SmallestP = smallest,
            HasTies = smallest > SignFlip.SmallestPossibleP(differences.Length, direction),
            AttainableSize = SignFlip.AttainableSize(differences.Length, test.Alpha, direction),
        };
    }

    /// <summary>Two one-sided tests against the smallest effect of interest; without one there is no test.</summary>
    public static DeclaredTest Equivalence(DeclaredTest test, ContrastData data)
    {
        if (test.Outcome is DeclaredOutcome.Survival)
            return test; // a time has no equivalence test
        var differences = data.Differences(test.Measure, test.Variants[0], test.Variants[1]);
        var level = 1 - 2 * test.Alpha;
        var estimate = Estimate.Of(differences, test.Measure.Least - test.Measure.Most, test.Measure.Most - test.Measure.Least, level);
        var bounded = test with { N = differences.Length, Estimate = estimate, Confidence = level, Statistic = estimate.Mean };
        if (test.Outcome is not DeclaredOutcome.Value { SmallestEffect: { } bound } || differences.Length < 2)
            return bounded;
        return bounded with
        {
            P = EquivalenceTest.Test(differences, -bound, bound, test.Alpha).P,
            SmallestP = 0,
            AttainableSize = test.Alpha,
        };
    }

    /// <summary>
    /// The mean difference with its interval by the declared method; by Student's if there are too few for the bootstrap.
    /// </summary>
    public static (Estimate Estimate, IntervalMethod Method) EstimateOf(
        DeclaredTest test,
        double[] differences,
        ContrastData data,
        AnalysisPlan plan
    )
    {
        var (least, most) = (test.Measure.Least - test.Measure.Most, test.Measure.Most - test.Measure.Least);
        if (plan.Interval != IntervalMethod.Bca || differences.Length < BcaInterval.LeastReplicates)
            return (Estimate.Of(differences, least, most, test.Confidence), IntervalMethod.Student);
        var seed = data.Seed.Derive("bca", test.Variants[0], test.Variants[^1], test.Measure.Key);
        return (Estimate.Of(BcaInterval.Interval(differences, test.Confidence, seed.Value), least, most), IntervalMethod.Bca);
    }
}
