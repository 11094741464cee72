using System.Collections.Immutable;
using AiMe.Faculties.Supervisor;
using AiMe.Metrics.Statistics;

namespace AiMe.Lab.Analysis.Comparison.Treatments;

/// <summary>The effect of a treatment by one measure: a difference in differences, unit by unit.</summary>
/// <remarks>
/// Treated minus control at a generation, less the same at the last generation before the treatment. The generations from then on are
/// the effect; those before show how far the two differed anyway. Source: Angrist and Pischke (2009), section 5.2. Exploratory: p is
/// not corrected for the number of measures.
/// </remarks>
/// <param name="Control">The variant that is subtracted.</param>
/// <param name="Before">Treated minus control at the last generation before the treatment.</param>
/// <param name="ByGeneration">
/// The change of that difference since then, from generation 0 to the compared one; shape (generations).
/// </param>
/// <param name="After">The mean change over the generations from the first affected to the compared one.</param>
/// <param name="P">Two-sided sign-flip test that the mean change is 0, in (0, 1]; NaN without a unit that has both.</param>
public sealed record TreatmentEffect(
    Treatment Treatment,
    string Control,
    Measure Measure,
    Estimate Before,
    ImmutableArray<Estimate> ByGeneration,
    Estimate After,
    double P
)
{
    /// <summary>The effects of all treatments of the shown variants that can have had one by the compared generation.</summary>
    public static ImmutableArray<TreatmentEffect> All(RunComparison comparison, IEnumerable<Measure> measures)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        return
        [
            .. Treatment
                .All(comparison.Plan)
                .Where(t => t.First <= comparison.Generation)
                .SelectMany(t => t.Controls, (t, control) => (Treatment: t, Control: control))
                .SelectMany(_ => measures, (pair, measure) => Of(comparison, pair.Treatment, pair.Control, measure))
                .OfType<TreatmentEffect>(),
        ];
    }

    private static TreatmentEffect? Of(RunComparison comparison, Treatment treatment, string control, Measure measure)
    {
        var (units, reference) = (comparison.Plan.Units, treatment.First - 1);
        var pairs = comparison
            .Counted.Where(i => i.Variant == treatment.Variant)
            .OrderBy(i => i.Replicate)
            .Select(i => (Treated: i, Control: comparison.Counted.FirstOrDefault(c => c.Variant == control && c.Replicate == i.Replicate)))
            .Where(p => p.Control is not null)
            .ToArray();
        if (pairs.Length == 0)
            return null;
        var after = Means(reference + 1, comparison.Generation);
        var most = measure.Most - measure.Least;
        return new TreatmentEffect(
            treatment,
            control,
            measure,
            Bounded(UnitMeans.Of(pairs.Select(p => (p.Treated.Replicate, At(p, reference))), units), most),
            [.. Enumerable.Range(0, comparison.Generation + 1).Select(g => Bounded(Means(g, g), 2 * most))],
            Bounded(after, 2 * most),
            after.Length == 0
                ? double.NaN
                : SignFlip.PValue(after, comparison.Plan.Seed.Derive("treatment", treatment.Variant, control, measure.Key).Value)
        );

        // One for each unit: the mean change over these generations.
        double[] Means(int from, int to) =>
            UnitMeans.Of(
                pairs.Select(p =>
                    (p.Treated.Replicate, Mean.Of([.. Enumerable.Range(from, to - from + 1).Select(g => At(p, g) - At(p, reference))]))
                ),
                units
            );

        double At((InstanceSummary Treated, InstanceSummary? Control) pair, int generation) =>
            measure.Of(pair.Treated, generation, comparison.WordBudget) - measure.Of(pair.Control!, generation, comparison.WordBudget);
    }

    private static Estimate Bounded(double[] values, double most) => Estimate.Of(values, -most, most);
}
