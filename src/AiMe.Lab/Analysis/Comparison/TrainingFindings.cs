using System.Collections.Immutable;
using AiMe.Faculties.Self;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>What became of the trainings.</summary>
internal static class TrainingFindings
{
    /// <summary>Promoted, rolled back and why; and where the champion is still the base model.</summary>
    public static IEnumerable<ComparisonFinding> Of(RunComparison comparison)
    {
        var all = TrainingTally.Of(comparison.Instances.SelectMany(l => l.Trainings).Where(t => t.Round <= comparison.Generation));
        if (comparison.Generation == 0)
            yield break;
        List<string> parts = [all.Trained == 0 ? "Nothing was trained here." : Counts(all)];
        ImmutableArray<VariantSummary> still = [.. comparison.Variants.Where(v => v.Weights == Weighting.NonePromoted)];
        if (!still.IsEmpty)
            parts.Add(
                $"No training of {Sentence.List(still.Select(v => v.Name))} was promoted: the champion is still the base "
                    + "model, so a bare drift of 0 there says that nothing changed, not that training would change nothing."
            );
        ImmutableArray<VariantSummary> mixed = [.. comparison.Variants.Where(v => v.Weights == Weighting.Changed && v.Unpromoted > 0)];
        if (!mixed.IsEmpty)
            parts.Add(
                "None was promoted in "
                    + $"{Sentence.List(mixed.Select(v => $"{v.Unpromoted} of {v.Planned} lives of {v.Name}"))}: those still "
                    + "have the base model, and their drift of exactly 0 is part of the mean."
            );
        parts.AddRange(comparison.Variants.Select(v => Standstill(comparison, v)).OfType<string>());
        yield return new ComparisonFinding("training", string.Join(' ', parts));
    }

    // A variant of which nothing was promoted of late is compared at a generation whose model is an earlier one's.
    private static string? Standstill(RunComparison comparison, VariantSummary variant)
    {
        InstanceSummary[] instances =
        [
            .. comparison.Instances.Where(l =>
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
            : $"Nothing of {variant.Name} was promoted after round {last}: in "
                + $"{(instances.Length == 1 ? "its one life" : $"all its {instances.Length} lives")} generation {comparison.Generation} "
                + $"has the weights of generation {last}.";
    }

    private static string Counts(TrainingTally all)
    {
        var trained = Sentence.Count(all.Trained, "training", "trainings");
        if (all.Promoted == all.Trained)
            return $"Of {trained}, all were promoted.";
        ImmutableArray<string> counts =
        [
            $"{all.Promoted} {(all.Promoted == 1 ? "was" : "were")} promoted",
            .. Some(all.RolledBack, "rolled back"),
            .. Some(all.Failed, "failed"),
        ];
        var why = all.Causes.IsEmpty ? "" : $", most often because {all.Causes[0].Cause} ({all.Causes[0].Times} of {all.RolledBack})";
        return $"Of {trained}, {Sentence.List(counts)}{why}.";
    }

    private static IEnumerable<string> Some(int n, string how) => n == 0 ? [] : [$"{n} {how}"];
}
