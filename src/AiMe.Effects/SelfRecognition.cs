using AiMe.Corpora;
using AiMe.Faculties;
using AiMe.Metrics.Statistics;
using AiMe.Metrics.Text;
using AiMe.Models;
using Microsoft.Extensions.AI;

namespace AiMe.Effects;

/// <summary>How well a model's samples can be told from generation 0's, and whether it prefers its own.</summary>
/// <param name="birth">The model of generation 0.</param>
/// <remarks>
/// Samples of both models answer the same stimuli with the same seeds and are paired by length, so that a model against itself gives
/// exactly .5 in every figure. Source: docs/SCIENCE.md, "self-recognition".
/// </remarks>
internal sealed class SelfRecognition(ITextScorer scorer, ModelId birth)
{
    /// <param name="prompts">Of the samples, in their order.</param>
    /// <param name="stimuli">The same as records.</param>
    /// <param name="own">Samples of the model.</param>
    /// <param name="first">Samples of generation 0.</param>
    /// <exception cref="ProviderException">The model is unavailable.</exception>
    public async Task<Recognised> MeasureAsync(
        ModelId model,
        Charter charter,
        string neutral,
        IReadOnlyList<IReadOnlyList<ChatMessage>> prompts,
        IReadOnlyList<CorpusRecord> stimuli,
        IReadOnlyList<ScoredSample> own,
        IReadOnlyList<ScoredSample> first,
        CancellationToken cancellationToken
    )
    {
        var (ofOwn, ofFirst) = (await DifferencesAsync(own), await DifferencesAsync(first));
        var pairs = LengthMatch.Pairs([.. ofOwn.Select(d => d.Tokens)], [.. ofFirst.Select(d => d.Tokens)]);
        List<double> said = [],
            better = [];
        foreach (var (mine, other) in pairs)
        {
            if (await LeadAsync(PairQuestion.Said, mine, other) is not { } recognised)
                continue;
            if (await LeadAsync(PairQuestion.Better, mine, other) is not { } preferred)
                continue;
            said.Add(PairQuestion.Half(recognised));
            better.Add(PairQuestion.Half(preferred));
        }

        return new(
            Auc.Of([.. pairs.Select(p => ofOwn[p.First].Difference)], [.. pairs.Select(p => ofFirst[p.Second].Difference)]),
            Mean.Of([.. said]),
            Mean.Of([.. better]),
            Mean.Of([.. pairs.Select(p => PairQuestion.Half(ofOwn[p.First].PerToken - ofFirst[p.Second].PerToken))])
        );

        // ln p under the model minus ln p under generation 0, and the former alone, per token.
        async Task<(double Difference, double PerToken, int Tokens)[]> DifferencesAsync(IReadOnlyList<ScoredSample> texts)
        {
            var differences = new (double, double, int)[texts.Count];
            for (var i = 0; i < texts.Count; i++)
            {
                var now = (await scorer.ScoreAsync(model.Value, prompts[i], [texts[i].Text], cancellationToken))[0];
                var then = (await scorer.ScoreAsync(birth.Value, prompts[i], [texts[i].Text], cancellationToken))[0];
                differences[i] = (now.PerToken - then.PerToken, now.PerToken, now.Tokens);
            }

            return differences;
        }

        async Task<double?> LeadAsync(PairQuestion question, int mine, int other)
        {
            var leads = await question.LeadsAsync(
                scorer,
                model,
                charter,
                neutral,
                (stimuli[mine].Stimulus, own[mine].Text),
                (stimuli[other].Stimulus, first[other].Text),
                cancellationToken
            );
            return leads?.Sum();
        }
    }
}

/// <summary>Self-recognition of a model against generation 0.</summary>
/// <param name="Auc">Distinguishability by likelihood, [0, 1]; NaN without a pair.</param>
/// <param name="Said">Share of pairs in which it takes its own text for what it said, [0, 1]; NaN if it was asked about none.</param>
/// <param name="Better">Share of pairs in which it takes its own text for the better one, [0, 1].</param>
/// <param name="Likelier">Share of pairs in which its own text is the likelier one under the model, [0, 1]; NaN without a pair.</param>
internal readonly record struct Recognised(double Auc, double Said, double Better, double Likelier);
