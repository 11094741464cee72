using System.Collections.Immutable;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Runs.Judges;
using AiMe.Models;

namespace AiMe.Lab.Experiments.Forecasts;

/// <summary>An estimate of what the judges of a run cost that ask one model.</summary>
/// <param name="Model">The judges' own model; null for the run's hosted model.</param>
/// <param name="Calls">Requests for ratings, at most: nobody is asked about an answer without text.</param>
/// <param name="Least">Tokens, if texts have a quarter of their limit.</param>
/// <param name="Most">Tokens, if every text reaches its limit.</param>
public sealed record JudgeCosts(JudgeModel? Model, double Calls, TokenUse Least, TokenUse Most)
{
    private const double ShortText = 0.25;

    // Characters of a request around the rubric and the rated texts, with the form of the reply.
    private const double Frame = 900;

    /// <summary>Prices of the model's tokens; null if they are unknown.</summary>
    /// <param name="experiment">The experiment with these judges.</param>
    public TokenPrices? PricesIn(Experiment experiment) =>
        Model is null ? (experiment.Model as OpenAiModel)?.Prices : Model.Connection?.Prices;

    /// <summary>The estimate for each model that judges ask; the run's own first. A matched variant asks its shadow's judges.</summary>
    public static ImmutableArray<JudgeCosts> Of(Experiment experiment)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        var plan = experiment.Plan(default, origin: null);
        return
        [
            .. plan
                .Variants.SelectMany(v =>
                    Policy
                        .RulesOf(v.Curate)
                        .OfType<ModelJudge>()
                        .GroupBy(j => j.Id, (_, same) => same.MaxBy(j => j.Samples)!)
                        .Select(j => (v, j))
                )
                .GroupBy(p => p.j.Model is null ? null : JudgeClients.IdentityOf(p.j.Model))
                .OrderBy(g => g.Key is null ? 0 : 1)
                .Select(g => new JudgeCosts(
                    g.First().j.Model,
                    g.Sum(p => CallsOf(plan, p.j)),
                    new TokenUse(Input: Sum(g, ShortText, InputOf), Output: Sum(g, ShortText, OutputOf)),
                    new TokenUse(Input: Sum(g, 1, InputOf), Output: Sum(g, 1, OutputOf))
                )),
        ];

        long Sum(IEnumerable<(VariantPlan v, ModelJudge j)> judges, double share, Func<VariantPlan, ModelJudge, double, double> of) =>
            (long)Math.Min(1e18, judges.Sum(p => CallsOf(plan, p.j) * of(p.v, p.j, share)));

        double InputOf(VariantPlan variant, ModelJudge judge, double share)
        {
            var rubric = judge.Rubric;
            var asked =
                rubric.Question.Length
                + rubric.Criteria.Sum(c => c.Length)
                + rubric.Scale.Sum(p => 2 * p.Label.Length + p.Meaning.Length + 20)
                + rubric.Examples.Sum(e => e.Stimulus.Length + e.Answer.Length + e.Why.Length + 80)
                + plan.Stimuli.Select(s => (double)s.Text.Length).DefaultIfEmpty(0).Average();
            var charter = plan.Charter;
            if (rubric.ShowsCharter)
                asked += charter.Stem.Length + charter.Goals.Concat(charter.Values).Concat(charter.Voice).Sum(t => t.Length + 2);
            var texts = variant.Self.Sampling.MaxTokens + (rubric.ShowsReflection ? variant.Reflector.Sampling.MaxTokens : 0);
            return (Frame + asked) / Workload.CharactersPerToken + share * texts;
        }

        static double OutputOf(VariantPlan variant, ModelJudge judge, double share) => share * judge.Sampling.MaxTokens;
    }

    private static double CallsOf(RunPlan plan, ModelJudge judge) => (double)plan.Replicates * plan.Cycles * judge.Samples;
}
