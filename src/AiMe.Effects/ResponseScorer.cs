using AiMe.Faculties;
using AiMe.Metrics.Distributions;
using AiMe.Metrics.Text;
using AiMe.Metrics.Vectors;
using AiMe.Models;
using Microsoft.Extensions.AI;

namespace AiMe.Effects;

/// <summary>
/// Measures an output with every score but novelty, whatever the policy, so that another policy can be applied later.
/// </summary>
/// <remarks>
/// Raw alignment is the per-token log-probability lift of the output if the charter precedes the stimulus; raw quality
/// is the per-token log-likelihood with the charter, minus the rate of repeated 4-grams in nats. Both use the frozen
/// base model, and both are given as percentile ranks among its own generation-0 outputs. If the provider does not
/// score text, they and perplexity are NaN here, and alignment and quality come with its reflection.
/// </remarks>
public sealed class ResponseScorer
{
    private readonly IEmbeddingGenerator<string, Embedding<float>> _embedder;
    private readonly CharterAxis? _axis;
    private readonly Func<
        Charter,
        Stimulus,
        string,
        CancellationToken,
        Task<(double Alignment, double Quality, double Perplexity)>
    > _likelihood;

    /// <summary>Scorer over a provider that scores text exactly.</summary>
    public ResponseScorer(
        ITextScorer scorer,
        IEmbeddingGenerator<string, Embedding<float>> embedder,
        ModelId frozen,
        Calibration calibration,
        CharterAxis? axis = null
    )
        : this(scorer, embedder, frozen, (_, _) => Task.FromResult(calibration), axis) { }

    /// <summary>The same, with a calibration for each charter that is made when it is needed.</summary>
    internal ResponseScorer(
        ITextScorer scorer,
        IEmbeddingGenerator<string, Embedding<float>> embedder,
        ModelId frozen,
        Func<Charter, CancellationToken, Task<Calibration>> calibrationAsync,
        CharterAxis? axis = null
    )
    {
        (_embedder, _axis) = (embedder, axis);
        _likelihood = async (charter, stimulus, output, cancellationToken) =>
        {
            var calibration = await calibrationAsync(charter, cancellationToken);
            var raw = await MeasureAsync(scorer, frozen, charter, stimulus, output, cancellationToken);
            return (
                PercentileRank.Of(raw.Lift, calibration.Lifts.AsSpan()),
                PercentileRank.Of(raw.Fluency, calibration.Fluencies.AsSpan()),
                raw.Perplexity
            );
        };
    }

    /// <summary>Scorer for a provider that does not score text.</summary>
    public ResponseScorer(IEmbeddingGenerator<string, Embedding<float>> embedder)
    {
        _embedder = embedder;
        _likelihood = (_, _, _, _) => Task.FromResult((double.NaN, double.NaN, double.NaN));
    }

    /// <summary>
    /// Scores of an output. Without text they are undefined, but for correctness: a problem that is not answered is not solved.
    /// </summary>
    /// <exception cref="ProviderException">The scorer or the embedder failed.</exception>
    public async Task<Scores> AppraiseAsync(
        Charter charter,
        Stimulus stimulus,
        string output,
        int? loopVersion,
        CancellationToken cancellationToken
    )
    {
        if (output.Length == 0)
            return Scores.Undefined with { Correctness = stimulus.Check is null ? double.NaN : 0 };
        var (alignment, quality, perplexity) = await _likelihood(charter, stimulus, output, cancellationToken);
        var place =
            _axis is not null && LoopVersion.MeasuresModels(loopVersion)
                ? await _axis.OfAnswerAsync(charter, stimulus, output, cancellationToken)
                : double.NaN;
        return new Scores(
            alignment,
            quality,
            await CoherenceAsync(output, cancellationToken),
            perplexity,
            SelfReference.Per100(output),
            stimulus.Check is { } check ? (WholeWords.Contain(output, check) ? 1 : 0) : double.NaN,
            CharterAxis: double.IsNaN(place) ? null : place
        );
    }

    /// <summary>The raw figures from which alignment, quality and perplexity follow.</summary>
    public static async Task<RawScores> MeasureAsync(
        ITextScorer scorer,
        ModelId frozen,
        Charter charter,
        Stimulus stimulus,
        string output,
        CancellationToken cancellationToken
    )
    {
        var with = ChatMessages.Of(Prompt.Bare(charter, stimulus));
        var without = with.Where(m => Parts.Of(m) != Parts.Charter).ToList();
        var inCharacter = (await scorer.ScoreAsync(frozen.Value, with, [output], cancellationToken))[0].PerToken;
        var plain = (await scorer.ScoreAsync(frozen.Value, without, [output], cancellationToken))[0].PerToken;
        var repeats = RepeatedNgrams.Rate(output);
        return new RawScores(
            inCharacter - plain,
            inCharacter - (double.IsNaN(repeats) ? 0 : repeats),
            new CrossEntropy(-inCharacter, 1).Perplexity
        );
    }

    // Coherence is undefined below three sentences, so the embedder is not called.
    private async Task<double> CoherenceAsync(string output, CancellationToken cancellationToken)
    {
        var sentences = WordTokenizer.Sentences(output);
        return sentences.Count < 3
            ? double.NaN
            : Coherence.Of([
                .. (await _embedder.GenerateAsync(sentences, cancellationToken: cancellationToken)).Select(e => e.Vector.ToArray()),
            ]);
    }
}

/// <summary>An output under the frozen base model, in nats per token.</summary>
/// <param name="Lift">ln p with the charter minus ln p without it.</param>
/// <param name="Fluency">ln p with the charter, minus the rate of repeated 4-grams.</param>
/// <param name="Perplexity">exp of minus ln p with the charter.</param>
public readonly record struct RawScores(double Lift, double Fluency, double Perplexity);
