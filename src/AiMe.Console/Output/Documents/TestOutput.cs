using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison.Declared;
using AiMe.Metrics.Statistics;

namespace AiMe.Console.Output.Documents;

/// <summary>A test that was declared before the run.</summary>
/// <param name="Measure">Key of the measure of the outcome.</param>
/// <param name="Survival">Whether the outcome is the generation at which the measure crosses a bound, instead of its value.</param>
/// <param name="Above">Whether the event is a value above the bound; null unless a survival.</param>
/// <param name="Bound">The bound; null unless a survival.</param>
/// <param name="SmallestEffect">Smallest difference of interest, in the measure's unit; null if none was declared.</param>
/// <param name="Contrast"><c>pair</c>, <c>ordered</c> or <c>equivalent</c>.</param>
/// <param name="Variants">In the order of the contrast.</param>
/// <param name="Direction">
/// What was predicted of the first variant, or of later ones in an order; of a survival, <c>higher</c> is a later crossing.
/// </param>
/// <param name="Primary">Whether it belongs to the primary family; the secondary one is corrected by itself.</param>
/// <param name="Method">The test.</param>
/// <param name="N">Replicates that have the outcome in every variant.</param>
/// <param name="Estimate">First minus second, or last minus first of an order; null figures for a survival.</param>
/// <param name="Confidence">Coverage of the estimate's interval, a fraction.</param>
/// <param name="Interval">How the interval was computed.</param>
/// <param name="Statistic">Mean difference, Page's L, or observed minus expected events of the first variant.</param>
/// <param name="P">In [0, 1]; null if there was nothing to test.</param>
/// <param name="Exact">Whether p counts all permutations.</param>
/// <param name="CorrectedP">After Holm's correction over its family.</param>
/// <param name="Family">Number of tests in its family.</param>
/// <param name="SmallestP">The smallest p that these replicates, with their ties, can give.</param>
/// <param name="TrueSize">How often the uncorrected test rejects at the declared level without an effect, at most.</param>
/// <param name="Undefined">
/// Of each variant, in order: instances without a value at the compared generation because the measure is undefined there.
/// Of a survival: without a crossing, and without a value where they were last seen.
/// </param>
/// <param name="Still">Variants that could not change by this measure: nothing is tested.</param>
/// <param name="Verdict">What may be said.</param>
internal sealed record TestOutput(
    string Measure,
    bool Survival,
    bool? Above,
    double? Bound,
    double? SmallestEffect,
    string Contrast,
    IReadOnlyList<string> Variants,
    EffectDirection Direction,
    bool Primary,
    TestMethod Method,
    int N,
    EstimateOutput Estimate,
    double Confidence,
    IntervalMethod Interval,
    double? Statistic,
    double? P,
    bool Exact,
    double? CorrectedP,
    int Family,
    double? SmallestP,
    double? TrueSize,
    IReadOnlyList<int> Undefined,
    IReadOnlyList<string> Still,
    TestVerdict Verdict
)
{
    public static TestOutput Of(DeclaredTest t)
    {
        var survival = t.Outcome as DeclaredOutcome.Survival;
        return new(
            t.Measure.Key,
            survival is not null,
            survival?.Above,
            survival?.Bound,
            (t.Outcome as DeclaredOutcome.Value)?.SmallestEffect,
            t.Contrast switch
            {
                DeclaredContrast.Ordered => "ordered",
                DeclaredContrast.Equivalent => "equivalent",
                _ => "pair",
            },
            t.Variants,
            t.Direction,
            t.IsPrimary,
            t.Method,
            t.N,
            EstimateOutput.Of(t.Estimate),
            t.Confidence,
            t.Interval,
            t.Statistic,
            t.P,
            t.IsExact,
            t.CorrectedP,
            t.Family,
            t.SmallestP,
            t.AttainableSize,
            t.Undefined,
            t.Still,
            t.Verdict
        );
    }
}

/// <summary>The share of a variant's instances that have not crossed a declared bound (Kaplan and Meier).</summary>
/// <param name="Measure">Key of the measure.</param>
/// <param name="Above">Whether the event is a value above the bound.</param>
/// <param name="Bound">The bound.</param>
/// <param name="Variant">The variant.</param>
/// <param name="N">Instances of which a time is known.</param>
/// <param name="Crossed">Of these, how many crossed the bound.</param>
/// <param name="Undefined">Instances that did not cross it and have no value where they were last seen.</param>
/// <param name="Steps">By generation, where an instance crossed it or was last seen.</param>
internal sealed record SurvivalOutput(
    string Measure,
    bool Above,
    double Bound,
    string Variant,
    int N,
    int Crossed,
    int Undefined,
    IReadOnlyList<SurvivalStep> Steps
)
{
    public static SurvivalOutput Of(SurvivalCurve c) =>
        new(c.Measure.Key, c.Outcome.Above, c.Outcome.Bound, c.Variant, c.N, c.Crossed, c.Undefined, [.. c.Steps.Select(SurvivalStep.Of)]);
}

/// <summary>A step of a survival curve.</summary>
/// <param name="Generation">Of crossings or last looks.</param>
/// <param name="AtRisk">Instances that had not crossed the bound before and were seen at this generation.</param>
/// <param name="Events">Of these, how many crossed it at this generation.</param>
/// <param name="Censored">Of these, how many were last seen at this generation.</param>
/// <param name="Survival">Share without a crossing after this generation, in [0, 1].</param>
/// <param name="Low">Lower bound of its interval; null at 0 and 1.</param>
/// <param name="High">Upper bound of its interval.</param>
internal sealed record SurvivalStep(int Generation, int AtRisk, int Events, int Censored, double Survival, double? Low, double? High)
{
    public static SurvivalStep Of(SurvivalPoint p) => new((int)p.Time, p.AtRisk, p.Events, p.Censored, p.Survival, p.Low, p.High);
}
