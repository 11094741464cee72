using System.Collections.Immutable;
using AiMe.Faculties.Self;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>Findings on the outcomes of the trainings.</summary>
internal static class TrainingFindings
{
    /// <summary>
    /// Numbers of promotions and rollbacks with reasons, rounds without a training, and variants that still have the base model.
    /// </summary>
    public static IEnumerable<ComparisonFinding> Of(RunComparison comparison)
    {
        var all = TrainingTally.Of(comparison.Counted.SelectMany(l => l.Trainings).Where(t => t.Round <= comparison.Generation));
        if (comparison.Generation == 0)
            yield break;
        yield return Finding(all.Trained == 0 ? "Nothing was trained here." : Counts(all));
        ImmutableArray<VariantSummary> skipped =
        [
            .. comparison.Variants.Where(v => v.Weights != Weighting.NeverTrained && v.Trainings.Skipped > 0),
        ];
        if (!skipped.IsEmpty)
            yield return Finding($"No training took place in {Sentence.List(skipped.Select(Skipped))}.");
        ImmutableArray<VariantSummary> still = [.. comparison.Variants.Where(v => v.Weights == Weighting.NonePromoted)];
        if (!still.IsEmpty)
            yield return Finding(
                $"No training of {Sentence.List(still.Select(v => v.Name))} was promoted, so the champion is still the base model, and a "
                    + "bare drift of 0 says nothing of the effect of training."
            );
        ImmutableArray<VariantSummary> mixed = [.. comparison.Variants.Where(v => v.Weights == Weighting.Changed && v.Unpromoted > 0)];
        if (!mixed.IsEmpty)
            yield return Finding(
                $"No training was promoted in {Sentence.List(mixed.Select(Unpromoted))}, whose drift of exactly 0 is included in the mean."
            );
        foreach (var stopped in comparison.Variants.Select(v => Standstill(comparison, v)).OfType<string>())
            yield return Finding(stopped);
    }

    private static ComparisonFinding Finding(string text) => new("training", text);

    // If nothing was promoted recently, the variant is compared with the model of an earlier generation.
    private static string? Standstill(RunComparison comparison, VariantSummary variant)
    {
        InstanceSummary[] instances =
        [
            .. comparison.Counted.Where(l =>
                l.Variant == variant.Name
                && l.Reached >= comparison.Generation
                && !l.Deeds.Any(d => d.Kind == InterventionKind.Appointed && d.After < comparison.Generation)
            ),
        ];
        var last = instances
            .SelectMany(l => l.Trainings)
            .Where(t => t.Outcome == RoundOutcome.Promoted && t.Round <= comparison.Generation)
            .Select(t => t.Round)
            .DefaultIfEmpty(0)
            .Max();
        return last == 0 || last == comparison.Generation
            ? null
            : $"No training of {variant.Name} was promoted after round {last}: in "
                + $"{(instances.Length == 1 ? "its only instance" : $"all its {Sentence.Number(instances.Length)} instances")} generation "
                + $"{comparison.Generation} has the weights of generation {last}.";
    }

    private static string Skipped(VariantSummary variant) =>
        $"{Sentence.Number(variant.Trainings.Skipped)} of "
        + $"{Sentence.Count(variant.Trainings.Trained + variant.Trainings.Skipped, "round", "rounds")} of {variant.Name}";

    private static string Unpromoted(VariantSummary variant) =>
        $"{Sentence.Number(variant.Unpromoted)} of {Sentence.Count(variant.Planned, "instance", "instances")} of {variant.Name}";

    private static string Counts(TrainingTally all)
    {
        var trained = Sentence.Count(all.Trained, "training", "trainings");
        if (all.Promoted == all.Trained)
            return $"All {trained} were promoted.";
        ImmutableArray<string> counts =
        [
            $"{Sentence.Number(all.Promoted)} {(all.Promoted == 1 ? "was" : "were")} promoted",
            .. Some(all.RolledBack, "rolled back"),
            .. Some(all.Failed, "failed"),
        ];
        var why = all.Causes.IsEmpty
            ? ""
            : $", most often because {all.Causes[0].Cause} ({Sentence.Number(all.Causes[0].Times)} of {Sentence.Number(all.RolledBack)})";
        return $"Of {trained}, {Sentence.List(counts)}{why}.";
    }

    private static IEnumerable<string> Some(int n, string how) => n == 0 ? [] : [$"{Sentence.Number(n)} {how}"];
}
