using AiMe.Lab.History;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>The finding on what people decided, for each variant whose policy holds experiences for them.</summary>
internal static class ReviewFindings
{
    /// <summary>One sentence for each such variant.</summary>
    public static IEnumerable<ComparisonFinding> Of(RunComparison comparison)
    {
        foreach (var variant in comparison.Variants)
        {
            var tally = comparison.Instances.Where(i => i.Variant == variant.Name).Aggregate(ReviewTally.Nothing, (t, i) => t + i.Reviews);
            if (tally.Held > 0)
                yield return new ComparisonFinding("reviews", $"{variant.Name}: {Words(tally)}.");
        }
    }

    private static string Words(ReviewTally tally)
    {
        var decided = tally.Kept + tally.Rejected;
        var rest = tally.LeftOut > 0 ? $"; {Sentence.Number(tally.LeftOut)} left out without a verdict" : "";
        rest += tally.Open > 0 ? $"; {Sentence.Number(tally.Open)} still open" : "";
        return $"people decided on {Sentence.Number(decided)} of {Sentence.Count(tally.Held, "held experience", "held experiences")}"
            + (decided > 0 ? $" ({Sentence.Number(tally.Kept)} kept, {Sentence.Number(tally.Rejected)} rejected)" : "")
            + rest
            + (tally.By.IsEmpty ? "" : $"; answers: {Sentence.List(tally.By.Select(b => $"{b.Key} {Sentence.Number(b.Value)}"))}");
    }
}
