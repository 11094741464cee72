using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Metrics.Distributions;
using AiMe.Models;

namespace AiMe.Effects;

/// <summary>
/// A model's cross-entropy on constant text, nats per token, measured once for each model and draw; NaN if it is infinite.
/// </summary>
internal sealed class HeldOutEvaluator(ITextScorer scorer, IRealExamples real)
{
    /// <summary>Records in the held-out set, and in the anchor set.</summary>
    public const int Records = 64;

    private readonly AsyncCache<(ModelId, Seed, bool), double> _measured = new();

    /// <summary>Cross-entropy on the held-out set of a block.</summary>
    public Task<double> HeldOutAsync(ModelId model, Seed seed, CancellationToken cancellationToken) =>
        MeasureAsync(model, seed, heldOut: true, cancellationToken);

    /// <summary>
    /// Cross-entropy on a separate draw, one a block, from the corpus of the training text. The model may have seen its
    /// records.
    /// </summary>
    public Task<double> AnchorAsync(ModelId model, Seed seed, CancellationToken cancellationToken) =>
        MeasureAsync(model, seed, heldOut: false, cancellationToken);

    private Task<double> MeasureAsync(ModelId model, Seed seed, bool heldOut, CancellationToken cancellationToken) =>
        _measured.GetAsync(
            (model, seed, heldOut),
            async () =>
            {
                var sum = default(CrossEntropy);
                foreach (var messages in heldOut ? real.HeldOut(seed) : real.AnchorCheck(seed))
                {
                    var score = (
                        await scorer.ScoreAsync(
                            model.Value,
                            [.. messages.Take(messages.Count - 1)],
                            [messages[^1].Text],
                            CancellationToken.None
                        )
                    )[0];
                    sum += new CrossEntropy(-score.Nats, score.Tokens);
                }

                // Text that a model cannot say has no cross-entropy under it.
                return double.IsFinite(sum.PerToken) ? sum.PerToken : double.NaN;
            },
            cancellationToken
        );
}
