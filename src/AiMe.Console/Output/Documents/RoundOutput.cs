using AiMe.Faculties.Self;
using AiMe.Lab.Runs.Talk;

namespace AiMe.Console.Output.Documents;

/// <summary>The end of a round.</summary>
/// <param name="Round">From 1.</param>
/// <param name="Kept">Experiences of the round that were kept.</param>
/// <param name="Outcome">Of its training.</param>
/// <param name="Reasons">The gate's objections, the bounds that it could not check, or why nothing was trained.</param>
/// <param name="Model">The current model.</param>
/// <param name="FirstLoss">
/// Mean loss of the first tenth of the steps, nats per token or pair; null without a training.
/// </param>
/// <param name="LastLoss">Mean loss of the last tenth of the steps.</param>
/// <param name="HeldOutBase">Held-out cross-entropy of generation 0, nats per token; null if not measured.</param>
/// <param name="HeldOut">The same for the candidate.</param>
/// <param name="AnchorBase">Cross-entropy of generation 0 on anchor text, nats per token.</param>
/// <param name="Anchor">The same for the candidate.</param>
/// <param name="Drift">Bare identity drift of the candidate from generation 0, bits in [0, 1].</param>
/// <param name="Repeats">Rate of repeated 4-grams in its samples, in [0, 1].</param>
internal sealed record RoundOutput(
    int Round,
    int Kept,
    RoundOutcome Outcome,
    IReadOnlyList<string> Reasons,
    string Model,
    double? FirstLoss,
    double? LastLoss,
    double? HeldOutBase,
    double? HeldOut,
    double? AnchorBase,
    double? Anchor,
    double? Drift,
    double? Repeats
)
{
    public static RoundOutput Of(RoundReport r) =>
        new(
            r.Round,
            r.Kept,
            r.Outcome,
            r.Reasons,
            r.Model.Value,
            r.Training?.FirstLoss,
            r.Training?.LastLoss,
            r.Gate?.HeldOutBase,
            r.Gate?.HeldOut,
            r.Gate?.AnchorBase,
            r.Gate?.Anchor,
            r.Gate?.Drift,
            r.Gate?.Repeats
        );
}
