using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Metrics.Statistics;
using AiMe.Metrics.Text;
using AiMe.Models;
using AiMe.Models.Nano;
using AiMe.Nano;

namespace AiMe.Lab.Analysis.Recognition;

/// <summary>Distinguishability by likelihood.</summary>
/// <remarks>
/// The score of a text is (ln p of it under the own model - ln p under the reference model) / tokens, given the charter's stem and
/// its stimulus alone: neither recall nor self-model gives the speaker away. Source: docs/SCIENCE.md, "self-recognition".
/// </remarks>
internal sealed class TextLikelihood(TokenPrompt prompts, Charter charter)
{
    /// <summary>The area under the curve over pairs of matched length, and the pairs.</summary>
    /// <returns>Exactly .5 if both models are the same, since every score is then 0.</returns>
    public (double Auc, ImmutableArray<(RecognitionText Own, RecognitionText Other)> Pairs) Compare(
        Model own,
        Model reference,
        ImmutableArray<RecognitionText> ownTexts,
        ImmutableArray<RecognitionText> otherTexts,
        CancellationToken cancellationToken
    )
    {
        var matched = LengthMatch.Pairs([.. ownTexts.Select(Tokens)], [.. otherTexts.Select(Tokens)]);
        double[] positives = [.. matched.Select(p => Score(ownTexts[p.First]))],
            negatives = [.. matched.Select(p => Score(otherTexts[p.Second]))];
        return (Auc.Of(positives, negatives), [.. matched.Select(p => (ownTexts[p.First], otherTexts[p.Second]))]);

        double Score(RecognitionText text)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return PerToken(own, text) - PerToken(reference, text);
        }
    }

    private int Tokens(RecognitionText text) => prompts.Continuation(text.Answer).Length;

    private double PerToken(Model model, RecognitionText text)
    {
        var answer = prompts.Continuation(text.Answer);
        var prompt = prompts.Encode(
            [Parts.Message(Parts.Charter, charter.Stem), Parts.Message(text.Internal ? Parts.Drive : Parts.Stimulus, text.Stimulus)],
            TextTask.Answer,
            answer.Length
        );
        return model.Score(model.Prefill(prompt), [answer])[0].Sum() / answer.Length;
    }
}
