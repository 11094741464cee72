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

        if (comparison.LeftOut.Length > 0)
            yield return new ComparisonFinding(
                "server",
                "The model's server refuses parameters: "
                    + $"{string.Join(" ", CallWords.InForce(comparison.LeftOut).Select(l => $"{l.Parameter}: {CallWords.Of(l)}."))}"
            );
    }
}
