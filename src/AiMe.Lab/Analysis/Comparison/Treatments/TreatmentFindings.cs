using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison.Declared;

namespace AiMe.Lab.Analysis.Comparison.Treatments;

/// <summary>Findings on scheduled interventions: what changed from their cycle on, and what cannot be said.</summary>
internal static class TreatmentFindings
{
    public static IEnumerable<ComparisonFinding> Of(RunComparison comparison)
    {
        var effects = comparison.Treatments.ToLookup(e => (e.Treatment.Cycle, e.Treatment.Variant));
        foreach (var treatment in Treatment.All(comparison.Plan).Where(t => comparison.Variants.Any(v => v.Name == t.Variant)))
        {
            if (treatment.Controls.IsEmpty)
                yield return Finding(
                    $"Every variant has an intervention, so the effect of the one in {treatment.Variant} before cycle {treatment.Cycle} "
                        + "cannot be told from the passage of time."
                );
            else if (treatment.First > comparison.Generation)
                yield return Finding(
                    $"The intervention in {treatment.Variant} before cycle {treatment.Cycle} can change figures from generation "
                        + $"{treatment.First} on, and generation {comparison.Generation} is compared."
                );
            foreach (var control in effects[(treatment.Cycle, treatment.Variant)].GroupBy(e => e.Control))
                yield return Finding(Sentence(treatment, Later(comparison, treatment), [.. control]));
            if (OtherModel(comparison, treatment) && treatment.First <= comparison.Generation)
                yield return Finding(
                    $"{treatment.Variant} answers with another model from cycle {treatment.Cycle} on: from generation {treatment.First} on "
                        + "its drift has the difference of the two models in it, and its cross-entropy is comparable only if they have "
                        + "the same tokens."
                );
        }
    }

    // Generation 0 of the instance itself is no other model.
    private static bool OtherModel(RunComparison comparison, Treatment treatment) =>
        treatment
            .Actions.OfType<InterventionAction.SwapModel>()
            .Any(swap =>
                swap.Model is not null
                || swap.Variant is { } other && comparison.Plan.BaseOf(other) != comparison.Plan.BaseOf(treatment.Variant)
            );

    // The cycles of the variant's later interventions that the same generations show.
    private static int[] Later(RunComparison comparison, Treatment treatment) =>
        [
            .. Treatment
                .All(comparison.Plan)
                .Where(t => t.Variant == treatment.Variant && t.Cycle > treatment.Cycle && t.First <= comparison.Generation)
                .Select(t => t.Cycle),
        ];

    private static string Sentence(Treatment treatment, int[] later, TreatmentEffect[] effects)
    {
        var changed = effects.Where(e => (e.After.IsAbove(0) || e.After.IsBelow(0)) && e.P <= DefaultAnalysis.Alpha).ToArray();
        var beginning =
            $"From generation {treatment.First} on, after the intervention before cycle {treatment.Cycle}"
            + (
                later.Length == 0
                    ? ""
                    : $" and the later {(later.Length == 1 ? "one before cycle" : "ones before cycles")} "
                        + Comparison.Sentence.List(later.Select(cycle => $"{cycle}"))
            )
            + $", {treatment.Variant} minus {effects[0].Control}";
        return changed.Length == 0
            ? $"{beginning} changed in no shown measure beyond chance ({effects[0].After.N} pairs; exploratory)."
            : $"{beginning} changed in "
                + Comparison.Sentence.List(
                    changed.Select(e =>
                        $"{Comparison.Sentence.Subject(e.Measure)} by {e.Measure.Show(e.After, difference: true)} "
                        + $"({Comparison.Sentence.P(e.P)})"
                    )
                )
                + " (mean over these generations; exploratory).";
    }

    private static ComparisonFinding Finding(string text) => new("interventions", text);
}
