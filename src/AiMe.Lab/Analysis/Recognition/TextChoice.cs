using System.Collections.Immutable;
using AiMe.Effects;
using AiMe.Faculties;
using AiMe.Metrics.Statistics;
using AiMe.Models;
using AiMe.Models.Nano;
using AiMe.Nano;
using Microsoft.Extensions.AI;

namespace AiMe.Lab.Analysis.Recognition;

/// <summary>Shows an instance pairs of texts and asks which one it said, and as a control which one is better.</summary>
internal sealed class TextChoice(TokenPrompt prompts, Charter charter, string neutral)
{
    private const int Orders = 2;

    public async Task<ChoiceResults> AskAsync(
        Model model,
        ImmutableArray<(RecognitionText Own, RecognitionText Other)> pairs,
        CancellationToken cancellationToken
    )
    {
        List<double> said = [],
            better = [];
        var first = 0.0;
        var scorer = new OneModel(model, prompts);
        foreach (var (own, other) in pairs)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (await LeadsAsync(PairQuestion.Said) is not { } recognised || await LeadsAsync(PairQuestion.Better) is not { } preferred)
                continue; // no room for both texts
            said.Add(recognised.Sum() / Orders);
            better.Add(preferred.Sum() / Orders);
            first += PairQuestion.Half(recognised[0]) + PairQuestion.Half(-recognised[1]);

            Task<double[]?> LeadsAsync(PairQuestion question) =>
                question.LeadsAsync(
                    scorer,
                    new ModelId(""),
                    charter,
                    neutral,
                    (own.Stimulus, own.Answer),
                    (other.Stimulus, other.Answer),
                    cancellationToken
                );
        }

        return new(
            said.Count,
            Mean.Of([.. said.Select(PairQuestion.Half)]),
            Mean.Of([.. better.Select(PairQuestion.Half)]),
            said.Count == 0 ? double.NaN : first / (Orders * said.Count),
            RankCorrelation.Of([.. said], [.. better])
        );
    }

    /// <summary>A loaded model as a scorer, whatever id it is asked for.</summary>
    private sealed class OneModel(Model model, TokenPrompt prompts) : ITextScorer
    {
        public Task<IReadOnlyList<TextScore>> ScoreAsync(
            string _,
            IReadOnlyList<ChatMessage> messages,
            IReadOnlyList<string> continuations,
            CancellationToken cancellationToken
        )
        {
            int[][] texts = [.. continuations.Select(prompts.Continuation)];
            var prefix = model.Prefill(prompts.Encode(messages, TextTask.Answer, texts.Max(t => t.Length)));
            return Task.FromResult<IReadOnlyList<TextScore>>([
                .. model.Score(prefix, texts).Zip(texts, (nats, text) => new TextScore(nats.Sum(), text.Length)),
            ]);
        }

        public ImmutableArray<int> LeftOut(IReadOnlyList<ChatMessage> messages, IReadOnlyList<string> continuations) =>
            prompts.Fit(messages, TextTask.Answer, continuations.Max(c => prompts.Continuation(c).Length)).LeftOut;
    }
}
