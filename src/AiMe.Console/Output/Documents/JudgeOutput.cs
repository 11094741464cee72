using AiMe.Lab.History;

namespace AiMe.Console.Output.Documents;

/// <summary>The answers of a judge.</summary>
/// <param name="Judge">The rubric's name, and a digest of what is asked and of whom.</param>
/// <param name="Rated">Answers with a rating; only these are scores.</param>
/// <param name="Unparsable">Answers in another form.</param>
/// <param name="Refused">Answers that the model or its server declined to give.</param>
/// <param name="Empty">Answers without text.</param>
/// <param name="Failed">Requests of which every attempt failed.</param>
/// <param name="OrderEffect">
/// Mean rating with the scale from its highest score minus with the scale from its lowest, over experiences rated in both orders;
/// null without one.
/// </param>
/// <param name="OrderEffectLow">Lower bound of its 95% interval; null if undefined.</param>
/// <param name="OrderEffectHigh">Upper bound of its 95% interval; null if undefined.</param>
/// <param name="OrderPairs">Experiences that were rated in both orders.</param>
internal sealed record JudgeOutput(
    string Judge,
    int Rated,
    int Unparsable,
    int Refused,
    int Empty,
    int Failed,
    double? OrderEffect,
    double? OrderEffectLow,
    double? OrderEffectHigh,
    int OrderPairs
)
{
    public static IReadOnlyList<JudgeOutput>? Of(IReadOnlyCollection<JudgeTally> judges) =>
        judges.Count == 0
            ? null
            :
            [
                .. judges.Select(j => new JudgeOutput(
                    j.Judge,
                    j.Count("rated"),
                    j.Count("unparsable"),
                    j.Count("refused"),
                    j.Count("empty"),
                    j.Count("failed"),
                    j.OrderEffect.Mean,
                    j.OrderEffect.Low,
                    j.OrderEffect.High,
                    j.OrderDifferences.Length
                )),
            ];
}
