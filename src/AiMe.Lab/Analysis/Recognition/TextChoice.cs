using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Metrics.Statistics;
using AiMe.Models;
using AiMe.Models.Nano;
using AiMe.Nano;
using AiMe.Nano.Tokens;
using Microsoft.Extensions.AI;

namespace AiMe.Lab.Analysis.Recognition;

/// <summary>Shows an instance pairs of texts and asks which one it said, and as a control which one is better.</summary>
/// <remarks>
/// A small model cannot follow "answer A or B": it completes a stem, and each text is scored as the completion. Both texts stand in
/// the prompt as memories do, in both orders. From ln p of a text per token that after a neutral stimulus with the same texts in the
/// same order is taken away, so that what remains is what the question adds, and not how likely the text is.
/// </remarks>
internal sealed class TextChoice(Tokenizer tokenizer, NanoPrompt prompts, Charter charter, string neutral)
{
    private const int Orders = 2;
    private static readonly (string Ask, string Stem) s_said = ("Which of these did you say?", "I said:");
    private static readonly (string Ask, string Stem) s_better = ("Which of these is better?", "The better one is:");

    public ChoiceResults Ask(
        Model model,
        ImmutableArray<(RecognitionText Own, RecognitionText Other)> pairs,
        CancellationToken cancellationToken
    )
    {
        List<double> said = [],
            better = [];
        var first = 0.0;
        foreach (var (own, other) in pairs)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Lead(model, own, other, s_said) is not { } recognised || Lead(model, own, other, s_better) is not { } preferred)
                continue; // no room for both texts
            said.Add(recognised.Sum() / Orders);
            better.Add(preferred.Sum() / Orders);
            first += Half(recognised[0]) + Half(-recognised[1]);
        }

        return new(
            said.Count,
            Mean.Of([.. said.Select(Half)]),
            Mean.Of([.. better.Select(Half)]),
            said.Count == 0 ? double.NaN : first / (Orders * said.Count),
            RankCorrelation.Of([.. said], [.. better])
        );
    }

    /// <summary>
    /// How much more the question speaks for the own text than for the other, nats per token: with the own text first, then with
    /// the other first. Null if the context has no room.
    /// </summary>
    private double[]? Lead(Model model, RecognitionText own, RecognitionText other, (string Ask, string Stem) question)
    {
        int[][] texts = [tokenizer.Encode($" {own.Answer}"), tokenizer.Encode($" {other.Answer}")];
        var leads = new double[Orders];
        for (var order = 0; order < Orders; order++)
        {
            var (above, below) = order == 0 ? (own, other) : (other, own);
            if (
                Scores(model, above, below, question.Ask, question.Stem, texts) is not { } asked
                || Scores(model, above, below, neutral, question.Stem, texts) is not { } unasked
            )
                return null;
            leads[order] = asked[0] - unasked[0] - (asked[1] - unasked[1]);
        }

        return leads;
    }

    private double[]? Scores(Model model, RecognitionText above, RecognitionText below, string ask, string stem, int[][] texts)
    {
        ChatMessage[] messages =
        [
            Parts.Message(Parts.Charter, charter.Stem),
            Parts.Message(Parts.Recalled, Memory(above)),
            Parts.Message(Parts.Recalled, Memory(below)),
            Parts.Message(Parts.Stimulus, ask),
            Parts.Message(Parts.Stem, stem),
        ];
        int[] prompt;
        try
        {
            var (fit, leftOut) = prompts.Fit(messages, TextTask.Answer, texts.Max(t => t.Length));
            if (!leftOut.IsEmpty)
                return null;
            prompt = fit;
        }
        catch (ProviderException)
        {
            return null; // counted by the caller: the pair is not among those asked
        }

        return [.. model.Score(model.Prefill(prompt), texts).Zip(texts, (nats, text) => nats.Sum() / text.Length)];
    }

    private static string Memory(RecognitionText text) => $"Q: {text.Stimulus} A: {text.Answer}";

    private static double Half(double lead) =>
        lead > 0 ? 1
        : lead < 0 ? 0
        : 0.5;
}
