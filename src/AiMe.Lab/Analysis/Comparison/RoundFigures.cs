using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Metrics.Statistics;
using AiMe.Metrics.Text;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>What one round of a life was like. Means leave out undefined values; NaN where none is defined.</summary>
/// <param name="Judged">Experiences judged.</param>
/// <param name="Kept">Of those, kept to be learned from.</param>
/// <param name="Novelty">Mean of 1 - greatest cosine to an earlier output, in [0, 2].</param>
/// <param name="Coherence">Mean coherence, in [-2, 2]; answers below three sentences have none.</param>
/// <param name="SelfReference">First-person statements about itself per 100 words of the round.</param>
/// <param name="Alignment">Mean fit with the charter, in [0, 1].</param>
/// <param name="Quality">Mean fluency, in [0, 1].</param>
/// <param name="Repeats">Mean rate of repeated 4-grams, in [0, 1).</param>
/// <param name="Correctness">Share of checkable problems solved, in [0, 1].</param>
/// <param name="Checkable">Checkable problems met.</param>
/// <param name="Words">Words of all outputs.</param>
/// <param name="Outputs">In the order in which they were said.</param>
public sealed record RoundFigures(
    int Round,
    int Judged,
    int Kept,
    double Novelty,
    double Coherence,
    double SelfReference,
    double Alignment,
    double Quality,
    double Repeats,
    double Correctness,
    int Checkable,
    int Words,
    ImmutableArray<string> Outputs
)
{
    /// <summary>Kept / judged, in [0, 1].</summary>
    public double Acceptance => Judged == 0 ? double.NaN : (double)Kept / Judged;

    /// <summary>Diversity of wording: distinct 2-grams / 2-grams over the round's first words.</summary>
    /// <param name="budget">Words looked at; 0 gives NaN.</param>
    public double Distinct2(int budget) => budget == 0 ? double.NaN : DistinctN.Of(Outputs, 2, budget);

    /// <summary>The figures of a round from its experiences.</summary>
    public static RoundFigures Of(int round, IReadOnlyList<Stored> lived)
    {
        ImmutableArray<int> words = [.. lived.Select(s => Metrics.Text.WordTokenizer.Of(s.Output).Count)];
        var total = words.Sum();
        return new RoundFigures(
            round,
            lived.Count,
            lived.Count(s => s.Verdict == Verdict.Keep),
            MeanOf(lived.Select(s => s.Novelty)),
            MeanOf(lived.Select(s => s.Scores.Coherence)),
            total == 0 ? double.NaN : lived.Select((s, i) => words[i] == 0 ? 0 : s.Scores.SelfReference * words[i]).Sum() / total,
            MeanOf(lived.Select(s => s.Scores.Alignment)),
            MeanOf(lived.Select(s => s.Scores.Quality)),
            MeanOf(lived.Select(s => RepeatedNgrams.Rate(s.Output))),
            MeanOf(lived.Select(s => s.Scores.Correctness)),
            lived.Count(s => !double.IsNaN(s.Scores.Correctness)),
            total,
            [.. lived.Select(s => s.Output)]
        );
    }

    private static double MeanOf(IEnumerable<double> values) => Mean.Of([.. values.Where(v => !double.IsNaN(v))]);
}
