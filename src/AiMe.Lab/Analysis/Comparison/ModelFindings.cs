namespace AiMe.Lab.Analysis.Comparison;

/// <summary>What can be compared if variants have different models of generation 0.</summary>
internal static class ModelFindings
{
    /// <summary>The subject of these findings.</summary>
    public const string About = "models";

    /// <summary>One sentence if the compared variants do not all begin with one model.</summary>
    public static IEnumerable<ComparisonFinding> Of(RunComparison comparison)
    {
        var plan = comparison.Plan;
        var models = plan
            .Variants.Where(v => comparison.Variants.Any(s => s.Name == v.Name))
            .GroupBy(v => plan.BaseOf(v, replicate: 1))
            .Select(g => $"{g.Key.Short} in {Sentence.List(g.Select(v => v.Name))}")
            .ToArray();
        if (models.Length > 1)
            yield return new ComparisonFinding(
                About,
                $"Variants begin with different models ({string.Join("; ", models)}), and each has its own tokens: their cross-entropies, "
                    + "perplexities and numbers of tokens are not comparable; compare rises and drift, each of which is against the "
                    + "instance's own generation 0."
            );
    }
}
