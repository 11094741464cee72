using AiMe.Lab.History;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>Findings on failed calls, and on what the model's server refuses: both limit what the figures mean.</summary>
internal static class CallFindings
{
    public static IEnumerable<ComparisonFinding> Of(RunComparison comparison)
    {
        string[] failed =
        [
            .. comparison.Variants.SelectMany(v =>
                v.Calls.WithFailures.Select(k =>
                    (
                        k.Count.NeverSucceeded ? "Error: "
                        : k.Count.IsConcerning ? "Warning: "
                        : ""
                    )
                    + $"{v.Name}: {CallWords.Of(k.Kind, k.Count)}"
                    + (k.Count.NeverSucceeded ? ": none ever succeeded." : ".")
                )
            ),
        ];
        if (failed.Length > 0)
            yield return new ComparisonFinding("calls", string.Join(' ', failed));
        if (comparison.LeftOut.Length > 0)
            yield return new ComparisonFinding(
                "server",
                "The model's server refuses parameters: "
                    + $"{string.Join(" ", CallWords.InForce(comparison.LeftOut).Select(l => $"{l.Parameter}: {CallWords.Of(l)}."))}"
            );
    }
}
