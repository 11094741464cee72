using System.Collections.Immutable;
using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.Analysis.Comparison.Declared;

/// <summary>What is tested in a run that declares nothing: bare drift, between every pair of variants that the plan trains.</summary>
/// <remarks>
/// A variant that is never trained has a bare drift of 0 by construction, and drift is never negative: a test against a
/// constant 0 would be meaningless. If the gate promoted nothing, the same holds, but this is known only afterwards: such a
/// pair is not tested and still counts in the family.
/// </remarks>
public static class DefaultAnalysis
{
    /// <summary>Familywise significance level.</summary>
    public const double Alpha = 0.05;

    /// <summary>The declared analysis, or the default one.</summary>
    public static AnalysisPlan Of(RunPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.Analysis ?? Pairs(plan, Measure.BareDrift, Alpha);
    }

    /// <summary>A family of every pair of variants that the plan trains, by one measure.</summary>
    internal static AnalysisPlan Pairs(RunPlan plan, Measure measure, double alpha)
    {
        ImmutableArray<string> trained = [.. plan.Variants.Where(Trainable.ByPlan).Select(v => v.Name)];
        return new AnalysisPlan(
            Question: null,
            [new DeclaredOutcome.Value(measure.Key)],
            [],
            [.. trained.SelectMany((a, i) => trained.Skip(i + 1).Select(b => new DeclaredContrast.Pair(a, b)))],
            Generation: null,
            alpha,
            IntervalMethod.Student
        );
    }
}
