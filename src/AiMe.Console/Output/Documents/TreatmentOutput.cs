using AiMe.Lab.Analysis.Comparison.Treatments;

namespace AiMe.Console.Output.Documents;

/// <summary>The effect of a scheduled intervention by one measure, in a variant against another; exploratory.</summary>
/// <param name="Cycle">The planned cycle before which it takes effect.</param>
/// <param name="Variant">The treated variant.</param>
/// <param name="Control">The variant that is subtracted.</param>
/// <param name="Actions">What is done, in words.</param>
/// <param name="FirstGeneration">The first generation whose figures it can change.</param>
/// <param name="Measure">Key of the measure.</param>
/// <param name="Before">Treated minus control at the last generation before it.</param>
/// <param name="ByGeneration">The change of that difference since then, from generation 0 on.</param>
/// <param name="After">The mean change over the generations that it can change.</param>
/// <param name="P">Two-sided sign-flip test, not corrected, in (0, 1]; null without a pair.</param>
internal sealed record TreatmentOutput(
    int Cycle,
    string Variant,
    string Control,
    string Actions,
    int FirstGeneration,
    string Measure,
    EstimateOutput Before,
    IReadOnlyList<EstimateOutput> ByGeneration,
    EstimateOutput After,
    double? P
)
{
    public static TreatmentOutput Of(TreatmentEffect e) =>
        new(
            e.Treatment.Cycle,
            e.Treatment.Variant,
            e.Control,
            e.Treatment.Words,
            e.Treatment.First,
            e.Measure.Key,
            EstimateOutput.Of(e.Before),
            [.. e.ByGeneration.Select(EstimateOutput.Of)],
            EstimateOutput.Of(e.After),
            e.P
        );
}
