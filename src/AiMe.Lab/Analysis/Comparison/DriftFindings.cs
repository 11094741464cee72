using System.Collections.Immutable;
using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>Findings on changes since generation 0: the answers, and held-out cross-entropy.</summary>
internal static class DriftFindings
{
    /// <summary>Bare drift of the variants whose weights changed, against 0 and against the floor.</summary>
    public static IEnumerable<ComparisonFinding> Moved(RunComparison comparison)
    {
        var changed = Changed(comparison);
        if (changed.IsEmpty || comparison.Generation == 0)
            yield break;
        var floor = Measure.BareDrift.Show(comparison.Floor);
        ImmutableArray<VariantSummary> above = [.. changed.Where(v => v.Last(Measure.BareDrift).IsAbove(comparison.Floor))];
        ImmutableArray<VariantSummary> below = [.. changed.Where(v => v.Last(Measure.BareDrift).IsBelow(comparison.Floor))];
        ImmutableArray<VariantSummary> single = [.. changed.Where(v => !v.Last(Measure.BareDrift).HasInterval)];
        ImmutableArray<VariantSummary> open = [.. changed.Except(above).Except(below).Except(single)];

        List<string> parts = [];
        Add("above it", above);
        Add("below it", below);
        Add("with an interval that contains it", open);
        Add("without an interval", single);
        yield return new ComparisonFinding(
            Findings.Movement,
            double.IsNaN(comparison.Floor)
                ? $"Bare drift since generation 0: {Names(changed)}; the probes have no second wording, so there is no floor."
                : $"Bare drift beside the floor of {floor} bits (the effect of rephrasing the questions): {string.Join("; ", parts)}."
        );

        void Add(string how, ImmutableArray<VariantSummary> variants)
        {
            if (!variants.IsEmpty)
                parts.Add($"{how} {Names(variants)}{AndZero(variants)}");
        }
    }

    /// <summary>Held-out cross-entropy since generation 0.</summary>
    public static IEnumerable<ComparisonFinding> Quality(RunComparison comparison)
    {
        var changed = Changed(comparison);
        if (changed.IsEmpty || comparison.Generation == 0)
            yield break;
        List<string> parts = [];
        Say("rose", changed.Where(v => v.Last(Measure.HeldOutRise).IsAbove(0)));
        Say("fell", changed.Where(v => v.Last(Measure.HeldOutRise).IsBelow(0)));
        ImmutableArray<string> open =
        [
            .. changed
                .Where(v => v.Last(Measure.HeldOutRise) is var e && !e.IsAbove(0) && !e.IsBelow(0))
                .Select(v => Sentence.With(v, Measure.HeldOutRise)),
        ];
        if (!open.IsEmpty)
            parts.Add($"with an interval that contains 0 in {Sentence.List(open)}");
        yield return new ComparisonFinding("quality", $"Held-out CE since generation 0 {string.Join("; ", parts)}.");
        if (comparison.Plan.Variants.Any(v => v.Trainer is { Train: true, Gate.HeldOutRise: not null }))
            yield return new ComparisonFinding(
                "quality",
                "The gate rolls back models whose held-out CE rises too far, so these models passed it, or are the base model.",
                Detail: true
            );

        void Say(string how, IEnumerable<VariantSummary> variants)
        {
            if (Sentence.List(variants.Select(v => Sentence.With(v, Measure.HeldOutRise))) is { Length: > 0 } names)
                parts.Add($"{how} in {names}");
        }
    }

    /// <summary>Agent drift of a variant that is never trained, and the difference that training makes.</summary>
    public static IEnumerable<ComparisonFinding> Untrained(RunComparison comparison)
    {
        var control = comparison.Variants.FirstOrDefault(v => v.Weights == Weighting.NeverTrained);
        if (control is null || comparison.Generation == 0 || control.Last(Measure.AgentDrift).N == 0)
            yield break;
        yield return new ComparisonFinding(
            "memory",
            $"{control.Name} is never trained, so its agent drift of "
                + $"{Measure.AgentDrift.Show(control.Last(Measure.AgentDrift))} comes only from memory and self-model"
                // a server may answer the same question differently, and answers to choice probes may be sampled
                + (comparison.Plan.Origin is ModelOrigin.Hosted ? ", and from chance in the server's answers." : "."),
            Detail: true
        );
        // with a baseline, the baseline findings report this
        if (comparison.Baseline is null && Against(comparison, control, Measure.AgentDrift) is { Length: > 0 } more)
            yield return new ComparisonFinding(
                "memory",
                $"Agent drift of the trained variants minus that of {control.Name}, {UnitWords.Paired(comparison.Plan)} "
                    + $"(exploratory): {more}.",
                Detail: true
            );
    }

    /// <summary>
    /// Whether the trained instances repeat themselves more than those of a variant that received the same stimuli
    /// untrained.
    /// </summary>
    public static IEnumerable<ComparisonFinding> Variety(RunComparison comparison)
    {
        var control = comparison.Variants.FirstOrDefault(v => v.Weights == Weighting.NeverTrained);
        if (control is null || comparison.Generation == 0)
            yield break;
        ImmutableArray<Measure> measures = [Measure.Novelty, Measure.Distinct2];
        var parts = measures
            .Select(m => (Measure: m, Text: Against(comparison, control, m)))
            .Where(p => p.Text.Length > 0)
            .Select(p => $"{p.Measure.Title} {p.Text}")
            .ToArray();
        if (parts.Length > 0)
            yield return new ComparisonFinding(
                "variety",
                $"Variety in the last round, compared with {control.Name} on the same stimuli, {UnitWords.Paired(comparison.Plan)} "
                    + $"(exploratory; below 0: more repetition): {string.Join("; ", parts)}.",
                Detail: true
            );
    }

    // Each changed variant minus the control, by a measure; empty if there are no instances to compare.
    private static string Against(RunComparison comparison, VariantSummary control, Measure measure) =>
        Sentence.List(
            Changed(comparison)
                .Select(v => (Variant: v, More: More(comparison, v, control, measure)))
                .Where(o => o.More.N > 0)
                .Select(o => $"{o.Variant.Name} {measure.Show(o.More, difference: true)}{Judged(o.More)}")
        );

    private static ImmutableArray<VariantSummary> Changed(RunComparison comparison) =>
        [.. comparison.Variants.Where(v => v.Weights == Weighting.Changed && v.Last(Measure.BareDrift).N > 0)];

    private static string Names(IEnumerable<VariantSummary> variants) =>
        Sentence.List(variants.Select(v => Sentence.With(v, Measure.BareDrift)));

    private static string AndZero(IEnumerable<VariantSummary> variants) =>
        Sentence.List(variants.Where(v => v.Last(Measure.BareDrift) is { HasInterval: true } e && !e.IsAbove(0)).Select(v => v.Name))
            is { Length: > 0 } names
            ? $" (the interval of {names} reaches 0)"
            : "";

    private static Estimate More(RunComparison comparison, VariantSummary variant, VariantSummary control, Measure measure)
    {
        var pair = comparison.Pairs.FirstOrDefault(p =>
            p.Measure.Key == measure.Key
            && ((p.First == variant.Name && p.Second == control.Name) || (p.First == control.Name && p.Second == variant.Name))
        );
        return pair is null ? Estimate.None
            : pair.First == variant.Name ? pair.Difference
            : pair.Reversed.Difference; // no pair: another baseline was chosen
    }

    private static string Judged(Estimate more) => !more.HasInterval || more.IsAbove(0) || more.IsBelow(0) ? "" : " (contains 0)";
}
