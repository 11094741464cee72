using AiMe.Faculties.Supervisor;
using AiMe.Lab.History;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>Findings on failed calls, and on what the model's server refuses: both limit what the figures mean.</summary>
internal static class CallFindings
{
    /// <summary>At most one sentence on each: kinds that never succeed, failures to warn of, other failures, prompts, the server.</summary>
    public static IEnumerable<ComparisonFinding> Of(RunComparison comparison)
    {
        (VariantSummary Variant, CallKind Kind, CallCount Count)[] failed =
        [
            .. comparison.Variants.SelectMany(v => v.Calls.WithFailures.Select(f => (v, f.Item1, f.Item2))),
        ];
        var never = failed.Where(f => f.Count.NeverSucceeded).ToArray();
        if (never.Length > 0)
            yield return new ComparisonFinding("calls", $"Error: {Words(never)}: none ever succeeded.");
        var many = failed.Where(f => f.Count is { NeverSucceeded: false, IsConcerning: true }).ToArray();
        if (many.Length > 0)
            yield return new ComparisonFinding("calls", $"Warning: {Words(many)}.");
        var few = failed.Where(f => f.Count is { NeverSucceeded: false, IsConcerning: false }).ToArray();
        if (few.Length > 0)
            yield return new ComparisonFinding("calls", $"{Words(few)}.");

        var crowded = comparison
            .Variants.Select(v => (v.Name, Prompts: PromptsOf(comparison, v.Name)))
            .Where(v => v.Prompts.Crowded + v.Prompts.Probes > 0)
            .ToArray();
        if (crowded.Length > 0)
            yield return new ComparisonFinding(
                "prompts",
                "The prompt had no room for all recalled memories and the self-model in "
                    + $"{Sentence.List(crowded.Select(v => Crowded(v.Name, v.Prompts)))}.",
                Detail: !crowded.Any(v => v.Prompts.Share > CallCount.WarningShare)
            );

        foreach (var unanswered in IndexWords.Sum(comparison.IndexFailures))
            yield return new ComparisonFinding("index", $"Warning: {IndexWords.Of(unanswered, comparison.Plan.Index?.Waits == true)}.");
        foreach (var changed in ServerWords.Changed(comparison.Servers))
            yield return new ComparisonFinding("server", $"Warning: {changed}.");
        if (comparison.LeftOut.Length > 0)
            yield return new ComparisonFinding(
                "server",
                "The model's server refuses parameters: "
                    + $"{string.Join(" ", CallWords.InForce(comparison.LeftOut).Select(l => $"{l.Parameter}: {CallWords.Of(l)}."))}"
            );
    }

    // Each variant is named once, before its kinds of calls.
    private static string Words((VariantSummary Variant, CallKind Kind, CallCount Count)[] failed) =>
        string.Join(
            "; ",
            failed.GroupBy(f => f.Variant.Name).Select(v => $"{v.Key}: {string.Join("; ", v.Select(f => CallWords.Of(f.Kind, f.Count)))}")
        );

    private static PromptTally PromptsOf(RunComparison comparison, string variant) =>
        comparison.Instances.Where(i => i.Variant == variant).Aggregate(default(PromptTally), (t, i) => t + i.Prompts);

    private static string Crowded(string variant, PromptTally prompts) =>
        $"{Sentence.Number(prompts.Crowded)} of {Sentence.Count(prompts.Answers, "answer", "answers")} of {variant}"
        + (prompts.Probes == 0 ? "" : $" (and {Sentence.Count(prompts.Probes, "question of the probes", "questions of the probes")})");
}
