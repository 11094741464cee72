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
        if (!above.IsEmpty)
            parts.Add(
                $"In {Names(above)} the answers changed more than rephrasing the questions changes them at generation 0 "
                    + $"(the floor, {floor} bits)."
            );
        if (!below.IsEmpty)
            parts.Add(
                $"In {Names(below)} the answers changed less than rephrasing the questions changes them at generation 0 "
                    + $"(the floor, {floor} bits): a small change{AndZero(below)}."
            );
        if (!open.IsEmpty && double.IsNaN(comparison.Floor))
            parts.Add($"The probes have no second wording, so there is no floor for {Names(open)}{AndZero(open)}.");
        else if (!open.IsEmpty)
            parts.Add(
                $"In {Names(open)} the interval contains the floor of {floor} bits (the effect of rephrasing the questions "
                    + "at generation 0): the data support no claim that training changed the answers more than "
                    + $"that{AndZero(open)}."
            );
        if (!single.IsEmpty)
            parts.Add($"{Names(single)}: fewer than two instances give no interval, so there is no claim on bare drift.");
        yield return new ComparisonFinding("movement", string.Join(' ', parts));
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
                .Select(v => Sentence.With(v, Measure.HeldOutRise, signed: true)),
        ];
        if (!open.IsEmpty)
            parts.Add($"no claim either way in {Sentence.List(open)}");
        var gated = comparison.Plan.Variants.Any(v => v.Trainer is { Train: true, Gate.HeldOutRise: not null });
        var gate = gated
            ? " The gate rolls back models whose cross-entropy rises too far, so these models passed it, or are the base model."
            : "";
        yield return new ComparisonFinding(
            "quality",
            "Held-out cross-entropy (on corpus text excluded from training; lower is better), change since generation 0: "
                + $"{string.Join("; ", parts)}.{gate}"
        );

        void Say(string how, IEnumerable<VariantSummary> variants)
        {
            if (Sentence.List(variants.Select(v => Sentence.With(v, Measure.HeldOutRise, signed: true))) is { Length: > 0 } names)
                parts.Add($"it {how} in {names}");
        }
    }

    /// <summary>Agent drift of a variant that is never trained, and the difference that training makes.</summary>
    public static IEnumerable<ComparisonFinding> Untrained(RunComparison comparison)
    {
        var control = comparison.Variants.FirstOrDefault(v => v.Weights == Weighting.NeverTrained);
        if (control is null || comparison.Generation == 0 || control.Last(Measure.AgentDrift).N == 0)
            yield break;
        var text =
            $"{control.Name} is never trained, so its agent drift of "
            + $"{Measure.AgentDrift.Show(control.Last(Measure.AgentDrift))} comes only from memory and self-model"
            // a server may answer the same question differently, and answers to choice probes may be sampled
            + (comparison.Plan.Origin is ModelOrigin.Hosted ? ", and from chance in the server's answers." : ".");
        // with a baseline, the baseline findings report this
        if (comparison.Baseline is null && Against(comparison, control, Measure.AgentDrift) is { Length: > 0 } more)
            text += $" Difference of the trained variants, replicate by replicate (exploratory): {more}.";
        yield return new ComparisonFinding("memory", text);
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
                $"Variety in the last round, compared with {control.Name} on the same stimuli, replicate by replicate "
                    + $"(exploratory; below 0: more repetition): {string.Join("; ", parts)}."
            );
    }

    // Each changed variant minus the control, by a measure; empty if there are no instances to compare.
    private static string Against(RunComparison comparison, VariantSummary control, Measure measure) =>
        Sentence.List(
            Changed(comparison)
                .Select(v => (Variant: v, More: More(comparison, v, control, measure)))
                .Where(o => o.More.N > 0)
                .Select(o => $"{o.Variant.Name} {measure.Show(o.More, signed: true)}{Judged(o.More)}")
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

    private static string Judged(Estimate more) =>
        !more.HasInterval || more.IsAbove(0) || more.IsBelow(0) ? "" : " (contains 0: no claim either way)";
}
