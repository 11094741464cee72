using System.Collections.Immutable;
using AiMe.Faculties.Memory;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Metrics.Distributions;
using AiMe.Metrics.Statistics;

namespace AiMe.Lab.Analysis.Recuration;

/// <summary>Figures of a set of kept experiences. Means exclude undefined values; NaN if none is defined.</summary>
/// <param name="Count">Number of experiences.</param>
/// <param name="Tokens">Number of sampled tokens of the answers.</param>
/// <param name="Characters">Number of characters of the answers.</param>
/// <param name="Words">Number of words of the answers.</param>
/// <param name="Distinct2">Distinct / all word pairs within the budget.</param>
/// <param name="Duplicates">Share of answers that occur earlier in the set, word for word, in [0, 1).</param>
/// <param name="Novelty">
/// Mean of 1 - maximum cosine to an earlier answer of the instance, kept or not, in [0, 2].
/// </param>
/// <param name="TopicBits">Entropy of the topics, bits.</param>
/// <param name="Perplexity">Mean, under the frozen base model.</param>
/// <param name="Means">The means of a round's figures, for this set.</param>
public sealed record DatasetFigures(
    int Count,
    long Tokens,
    long Characters,
    int Words,
    double Distinct2,
    double Duplicates,
    double Novelty,
    double TopicBits,
    double Perplexity,
    RoundFigures Means
)
{
    /// <summary>A figure of a set.</summary>
    /// <param name="Key">Its name in JSON.</param>
    /// <param name="Title">Its printed name.</param>
    /// <param name="Decimals">Printed decimals.</param>
    public sealed record Statistic(string Key, string Title, int Decimals, bool Percent, Func<DatasetFigures, double> Of);

    /// <summary>
    /// Number of checkable problems, and of those solved: a share of a small number needs its denominator.
    /// </summary>
    public (int Solved, int Checkable) Problems =>
        (Means.Checkable == 0 ? 0 : (int)Math.Round(Means.Correctness * Means.Checkable), Means.Checkable);

    /// <summary>Share of the checkable problems solved.</summary>
    public static Statistic Correctness { get; } = new("correctness", Measure.Correctness.Title, 0, true, f => f.Means.Correctness);

    /// <summary>All statistics, in the order of tables.</summary>
    public static ImmutableArray<Statistic> All { get; } =
    [
        new("count", "experiences", 0, false, f => f.Count),
        new("tokens", "tokens", 0, false, f => f.Tokens),
        new("characters", "characters", 0, false, f => f.Characters),
        new("words", "words", 0, false, f => f.Words),
        new("distinct2", Measure.Distinct2.Title, 3, false, f => f.Distinct2),
        new("duplicates", "duplicates", 1, true, f => f.Duplicates),
        new("novelty", Measure.Novelty.Title, 3, false, f => f.Novelty),
        new("topicBits", "topics (bits)", 2, false, f => f.TopicBits),
        new("alignment", Measure.Alignment.Title, 3, false, f => f.Means.Alignment),
        new("quality", Measure.Quality.Title, 3, false, f => f.Means.Quality),
        new("coherence", Measure.Coherence.Title, 3, false, f => f.Means.Coherence),
        new("perplexity", "perplexity", 1, false, f => f.Perplexity),
        new("selfReference", Measure.SelfReference.Title, 1, false, f => f.Means.SelfReference),
        new("repeats", Measure.Repeats.Title, 1, true, f => f.Means.Repeats),
        Correctness,
    ];

    /// <summary>Computes the figures of a set.</summary>
    /// <param name="kept">Kept cases with their stored experiences, in the order of the cycles.</param>
    /// <param name="budget">Number of words for distinct-2, the same for all compared sets; 0 gives NaN.</param>
    public static DatasetFigures Of(IReadOnlyList<RecordedCase> kept, int budget)
    {
        Stored[] stored = [.. kept.Select(c => c.Stored!)];
        var means = RoundFigures.Of(0, stored); // the same definitions as in a comparison
        var topics = stored
            .GroupBy(s => s.Topic, StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => (double)g.Count() / stored.Length)
            .ToArray();
        double[] perplexities = [.. stored.Select(s => s.Scores.Perplexity).Where(p => !double.IsNaN(p))];
        return new DatasetFigures(
            stored.Length,
            kept.Sum(c => (long)c.Draft.Answer.Tokens),
            stored.Sum(s => (long)s.Output.Length),
            means.Words,
            budget == 0 ? double.NaN : means.Distinct2(budget),
            stored.Length == 0
                ? double.NaN
                : 1 - (double)stored.Select(s => s.Output).Distinct(StringComparer.Ordinal).Count() / stored.Length,
            means.Novelty,
            topics.Length == 0 ? double.NaN : Entropy.Bits(topics),
            Mean.Of(perplexities),
            means
        );
    }
}
