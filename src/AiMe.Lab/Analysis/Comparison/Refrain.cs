using AiMe.Metrics.Text;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>An answer that one instance gives again and again within a round: words of an agent that has lost variety.</summary>
/// <param name="Instance">Its name.</param>
/// <param name="Text">The answer as it was first given; answers with the same words are one.</param>
/// <param name="Times">How often the instance gave it in the round, 3 or more.</param>
/// <param name="Answers">Its answers in the round.</param>
public sealed record Refrain(string Instance, string Text, int Times, int Answers)
{
    private const int Least = 3;

    /// <summary>
    /// The most frequent of the instances' answers in a round, ties to the earlier instance and answer; null if all are rare.
    /// </summary>
    public static Refrain? Of(IReadOnlyList<InstanceSummary> instances, int round) =>
        instances
            .SelectMany(i =>
                i.Rounds.Where(r => r.Round == round)
                    .SelectMany(r =>
                        r.Outputs.Where(o => WordTokenizer.Of(o).Count > 0)
                            .GroupBy(o => string.Join(' ', WordTokenizer.Of(o)), StringComparer.Ordinal)
                            .Select(g => new Refrain(i.Instance, g.First(), g.Count(), r.Outputs.Length))
                    )
            )
            .Where(r => r.Times >= Least)
            .MaxBy(r => r.Times);
}
