using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Metrics.Statistics;
using AiMe.Metrics.Text;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>Figures of one round of an instance. Means exclude undefined values; NaN if none is defined.</summary>
/// <param name="Judged">Number of experiences judged.</param>
/// <param name="Kept">Number of experiences kept for training.</param>
/// <param name="Novelty">Mean of 1 - maximum cosine to an earlier output, in [0, 2].</param>
/// <param name="Coherence">Mean coherence, in [-2, 2]; answers below three sentences have none.</param>
/// <param name="SelfReference">First-person statements about itself per 100 words of the round.</param>
/// <param name="Alignment">Mean fit with the charter, in [0, 1].</param>
/// <param name="Quality">Mean fluency, in [0, 1].</param>
/// <param name="Repeats">Mean rate of repeated 4-grams, in [0, 1).</param>
/// <param name="Correctness">Share of checkable problems solved, in [0, 1].</param>
/// <param name="Checkable">Number of checkable problems.</param>
/// <param name="Words">Number of words of all outputs.</param>
/// <param name="Outputs">In the order of the cycles.</param>
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
    /// <summary>Empty, repeated and recited answers, and their length; unknown apart from the instance's history.</summary>
    public AnswerForms Forms { get; init; } = AnswerForms.Unknown;

    /// <summary>Checkable problems solved, by whether their topic was met before; unknown apart from the instance's history.</summary>
    public ProblemFigures Problems { get; init; } = ProblemFigures.Unknown;

    /// <summary>All candidates and the kept answers; unknown apart from the instance's history.</summary>
    public SelectionFigures Selection { get; init; } = SelectionFigures.Unknown;

    /// <summary>
    /// Mean distance of the kept answers from what preference training prefers them to, in [0, 1]; NaN for other methods, and apart
    /// from the instance's history.
    /// </summary>
    public double PreferenceDistance { get; init; } = double.NaN;

    /// <summary>Geometric mean of the answers' perplexities under generation 0, at least 1.</summary>
    public double Perplexity { get; init; } = double.NaN;

    /// <summary>The same under the models that gave the answers.</summary>
    public double CurrentPerplexity { get; init; } = double.NaN;

    /// <summary>Mean place of the answers on the charter's axis.</summary>
    public double CharterAxis { get; init; } = double.NaN;

    /// <summary>Kept / judged, in [0, 1].</summary>
    public double Acceptance => Judged == 0 ? double.NaN : (double)Kept / Judged;

    /// <summary>Diversity of wording: distinct 2-grams / all 2-grams in the first words of the round.</summary>
    /// <param name="budget">Number of words; 0 gives NaN.</param>
    public double Distinct2(int budget) => budget == 0 ? double.NaN : DistinctN.Of(Outputs, 2, budget);

    /// <summary>Computes the figures of a round from its experiences.</summary>
    public static RoundFigures Of(int round, IReadOnlyList<Stored> experiences)
    {
        ImmutableArray<int> words = [.. experiences.Select(s => Metrics.Text.WordTokenizer.Of(s.Output).Count)];
        var total = words.Sum();
        return new RoundFigures(
            round,
            experiences.Count,
            experiences.Count(s => s.Verdict == Verdict.Keep),
            MeanOf(experiences.Select(s => Math.Max(0, s.Novelty))), // a cosine may exceed 1 by rounding
            MeanOf(experiences.Select(s => s.Scores.Coherence)),
            total == 0 ? double.NaN : experiences.Select((s, i) => words[i] == 0 ? 0 : s.Scores.SelfReference * words[i]).Sum() / total,
            MeanOf(experiences.Select(s => s.Scores.Alignment)),
            MeanOf(experiences.Select(s => s.Scores.Quality)),
            MeanOf(experiences.Select(s => RepeatedNgrams.Rate(s.Output))),
            MeanOf(experiences.Select(s => s.Scores.Correctness)),
            experiences.Count(s => !double.IsNaN(s.Scores.Correctness)),
            total,
            [.. experiences.Select(s => s.Output)]
        )
        {
            Perplexity = GeometricMean(experiences.Select(s => s.Scores.Perplexity)),
            CurrentPerplexity = GeometricMean(experiences.Select(s => s.Scores.CurrentPerplexity ?? double.NaN)),
            CharterAxis = MeanOf(experiences.Select(s => s.Scores.CharterAxis ?? double.NaN)),
        };
    }

    private static double GeometricMean(IEnumerable<double> values) => Math.Exp(MeanOf(values.Select(v => Math.Log(v))));

    private static double MeanOf(IEnumerable<double> values) => Mean.Of([.. values.Where(v => !double.IsNaN(v))]);
}
