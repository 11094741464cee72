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
                yield return Finding(Sentence(treatment, [.. control]));
        }
    }

    private static string Sentence(Treatment treatment, TreatmentEffect[] effects)
    {
        var changed = effects.Where(e => e.After.IsAbove(0) || e.After.IsBelow(0)).ToArray();
        var beginning =
            $"From generation {treatment.First} on, after the intervention before cycle {treatment.Cycle}, {treatment.Variant} minus "
            + $"{effects[0].Control}";
        return changed.Length == 0
            ? $"{beginning} changed in no shown measure beyond its interval ({effects[0].After.N} pairs; exploratory)."
            : $"{beginning} changed in "
                + Comparison.Sentence.List(
                    changed.Select(e => $"{Comparison.Sentence.Subject(e.Measure)} by {e.Measure.Show(e.After, signed: true)}")
                )
                + " (mean over these generations; exploratory).";
    }

    private static ComparisonFinding Finding(string text) => new("interventions", text);
}
