using AiMe.Lab.History;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>Findings on failed calls, and on what the model's server refuses: both limit what the figures mean.</summary>
internal static class CallFindings
{
    public static IEnumerable<ComparisonFinding> Of(RunComparison comparison)
    {
        foreach (var variant in comparison.Variants)
        {
            foreach (var (kind, count) in variant.Calls.WithFailures)
                yield return new ComparisonFinding(
                    "calls",
                    count.NeverSucceeded
                        ? $"Error: {variant.Name}: {CallWords.Of(kind, count)}: none ever succeeded."
                        : $"{(count.IsConcerning ? "Warning: " : "")}{variant.Name}: {CallWords.Of(kind, count)}."
                );
        }

        foreach (var variant in comparison.Variants)
        {
            var prompts = comparison
                .Instances.Where(i => i.Variant == variant.Name)
                .Aggregate(default(PromptTally), (t, i) => t + i.Prompts);
            if (prompts.Crowded + prompts.Probes > 0)
                yield return new ComparisonFinding(
                    "prompts",
                    $"{variant.Name}: in {Sentence.Number(prompts.Crowded)} of {Sentence.Count(prompts.Answers, "answer", "answers")} the "
                        + "prompt had no room for all recalled memories and the self-model, and so it was in "
                        + $"{Sentence.Count(prompts.Probes, "question of the probes", "questions of the probes")}.",
                    Detail: !(prompts.Share > CallCount.WarningShare)
                );
        }

        if (comparison.LeftOut.Length > 0)
            yield return new ComparisonFinding(
                "server",
                "The model's server refuses parameters: "
                    + $"{string.Join(" ", CallWords.InForce(comparison.LeftOut).Select(l => $"{l.Parameter}: {CallWords.Of(l)}."))}"
            );
    }
}
