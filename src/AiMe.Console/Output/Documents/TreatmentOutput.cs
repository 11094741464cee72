using AiMe.Lab.Analysis.Comparison.Treatments;

namespace AiMe.Console.Output.Documents;

/// <summary>The effect of a scheduled intervention by one measure, in a variant against another; exploratory.</summary>
/// <param name="Cycle">The planned cycle before which it takes effect.</param>
/// <param name="Variant">The treated variant.</param>
/// <param name="Control">The variant that is subtracted.</param>
/// <param name="Actions">What is done, in words.</param>
/// <param name="FirstGeneration">The first generation whose figures it can change.</param>
/// <param name="Measure">Key of the measure.</param>
/// <param name="Before">Treated minus control at the last generation before it, the mean over pairs; null without any.</param>
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
    double? Before,
    IReadOnlyList<TreatmentGeneration> ByGeneration,
    [property: Flattened] EstimateOutput After,
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
            e.Before.Mean,
            [.. e.ByGeneration.Select((g, i) => new TreatmentGeneration(i, g.Mean, g.Low, g.High))],
            EstimateOutput.Of(e.After),
            e.P
        );
}

/// <summary>The change of a difference at a generation.</summary>
/// <param name="Generation">From 0.</param>
/// <param name="Change">Since the last generation before the intervention; null without a pair.</param>
/// <param name="From">Lower bound of its interval; null below two pairs.</param>
/// <param name="To">Upper bound of its interval.</param>
internal sealed record TreatmentGeneration(int Generation, double? Change, double? From, double? To);
