using AiMe.Metrics;
using AiMe.Mind;
using AiMe.Models;
using AiMe.Models.Embeddings;

namespace AiMe.Effects;

/// <summary>Measures an output: every score but novelty, whatever the policy, so that another policy can be applied later.</summary>
/// <remarks>
/// Raw alignment is the per-token log-probability lift of the output when the charter stands before the stimulus; raw quality is the
/// per-token log-likelihood with the charter, less one nat for each unit of the rate of repeated 4-grams. Both are of the frozen base model,
/// and both are given as percentile ranks among its own generation-0 outputs.
/// </remarks>
public sealed class Appraiser(ITextScorer scorer, HashEmbedder embedder, ModelId frozen, Calibration calibration)
{
    /// <summary>Scores of an output.</summary>
    public async Task<Scores> AppraiseAsync(Charter charter, Stimulus stimulus, string output, CancellationToken cancellationToken)
    {
        var raw = await MeasureAsync(scorer, frozen, charter, stimulus, output, cancellationToken);
        return new Scores(
            PercentileRank.Of(raw.Lift, calibration.Lifts.AsSpan()),
            PercentileRank.Of(raw.Fluency, calibration.Fluencies.AsSpan()),
            Coherence.Of([.. Words.Sentences(output).Select(embedder.Embed)]),
            raw.Perplexity,
            SelfReference.Per100(output),
            stimulus.Check is { } check ? (Contains(output, check) ? 1 : 0) : double.NaN);
    }

    /// <summary>The raw figures behind alignment, quality and perplexity.</summary>
    public static async Task<RawScores> MeasureAsync(ITextScorer scorer, ModelId frozen, Charter charter, Stimulus stimulus, string output, CancellationToken cancellationToken)
    {
        var with = Messages.Of(Prompt.Bare(charter, stimulus));
        var without = with.Where(m => Parts.Of(m) != Parts.Charter).ToList();
        var inCharacter = (await scorer.ScoreAsync(frozen.Value, with, [output], cancellationToken))[0].PerToken;
        var plain = (await scorer.ScoreAsync(frozen.Value, without, [output], cancellationToken))[0].PerToken;
        var repeats = RepeatedNgrams.Rate(output);
        return new RawScores(inCharacter - plain, inCharacter - (double.IsNaN(repeats) ? 0 : repeats), new CrossEntropy(-inCharacter, 1).Perplexity);
    }

    // As whole words: "7" is not in "17".
    private static bool Contains(string output, string check) =>
        $" {string.Join(' ', Words.Of(output))} ".Contains($" {string.Join(' ', Words.Of(check))} ", StringComparison.Ordinal);
}

/// <summary>An output as the frozen base model sees it, in nats per token.</summary>
/// <param name="Lift">ln p with the charter minus ln p without it.</param>
/// <param name="Fluency">ln p with the charter, less the rate of repeated 4-grams.</param>
/// <param name="Perplexity">exp of minus ln p with the charter.</param>
public readonly record struct RawScores(double Lift, double Fluency, double Perplexity);
