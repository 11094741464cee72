using AiMe.Effects;
using AiMe.Faculties.Supervisor;
using AiMe.Models;

namespace AiMe.Lab.Experiments.Forecasts;

/// <summary>An estimate of the tokens that a run of a hosted model uses.</summary>
/// <remarks>A rough estimate: the model's tokenizer and the length of its answers are unknown.</remarks>
public static class HostedCosts
{
    // Overhead of a message, in tokens.
    private const double Frame = 4;

    // Characters of the reflection and insight requests with the reflection's schema, and of a choice probe's text
    // around its options.
    private const double ReflectionRequest = 1_300,
        InsightRequest = 80,
        ChoiceFrame = 120;

    // The neutral stimulus has no charter and no memories before it.
    private const double NeutralPart = 1.25;

    // Tokens of an answer of one letter, expected and at most.
    private const double Letter = 1,
        LongestChoice = 16;

    // Mean length of a text as a fraction of its limit.
    private const double ShortText = 0.25;

    /// <summary>The range from least to most.</summary>
    /// <returns>
    /// The least if the server returns log-probabilities and texts have a quarter of their limit; the most if it
    /// returns none and every text reaches its limit.
    /// </returns>
    public static (TokenUse Least, TokenUse Most) Of(Experiment experiment, OpenAiModel model)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        ArgumentNullException.ThrowIfNull(model);
        var judged = JudgeCosts.Of(experiment).FirstOrDefault(j => j.Model is null);
        if (model.Scoring is not null)
            return (
                Plus(
                    Plus(Of(experiment, ShortText, OfWording(experiment, 0), Letter), Scored(experiment, model, ShortText, 1)),
                    judged?.Least ?? default
                ),
                Plus(Plus(Of(experiment, 1, OfWording(experiment, 1), Letter), Scored(experiment, model, 1, 2)), judged?.Most ?? default)
            );
        return (
            Plus(Of(experiment, ShortText, samples: 1, Letter), judged?.Least ?? default),
            Plus(Of(experiment, 1, model.Samples, LongestChoice), judged?.Most ?? default)
        );

        static TokenUse Plus(TokenUse a, TokenUse b) => a with { Input = a.Input + b.Input, Output = a.Output + b.Output };
    }

    // Every option is scored after the question, and after a neutral stimulus, which is short; each prompt alone may be asked for too.
    private static int OfWording(Experiment experiment, int prompts) =>
        (int)
            Math.Ceiling(
                NeutralPart * (experiment.Probes.Choices.Select(p => (double)p.Options.Length).DefaultIfEmpty(0).Average() + prompts)
            );

    // Answers with the charter and without it, those that calibrate, and held-out text. A scoring writes one token.
    private static TokenUse Scored(Experiment experiment, OpenAiModel model, double share, int requests)
    {
        var m = experiment.Size;
        var said = experiment.Variants.Select(v => v.Self.Sampling.MaxTokens * share).DefaultIfEmpty(0).Max();
        var stimulus = Tokens(experiment.Stimuli.Select(s => (double)s.Text.Length).DefaultIfEmpty(0).Average());
        var exchange = Tokens(experiment.Charter.Stem.Length) + stimulus + said;
        double answers = (m.Answers + HostedScoring.Outputs) * 2.0 * requests,
            heldOut = (1.0 + m.TrainingsAtMost) * Math.Min(model.HeldOut?.Exchanges ?? 0, HostedScoring.MostHeldOut) * requests;
        var line = model.HeldOut is { Exchanges: > 0 and var lines } ? Tokens((double)model.HeldOutData.Length / lines) : 0;
        return new TokenUse(
            Whole(answers * exchange + heldOut * line + HostedScoring.Outputs * (exchange - said)),
            Whole(answers + heldOut + HostedScoring.Outputs * Calibration.Typical.MaxTokens * share)
        );
    }

    private static TokenUse Of(Experiment experiment, double share, int samples, double choice)
    {
        var plan = experiment.Plan(default, origin: null);
        var (input, output, embedded) = (0.0, 0.0, 0.0);
        var stem = Tokens(plan.Charter.Stem.Length);
        var charter = Tokens(
            plan.Charter.Stem.Length + plan.Charter.Goals.Concat(plan.Charter.Values).Concat(plan.Charter.Voice).Sum(t => t.Length + 2)
        );
        double asks = plan.Probes.Choices.Sum(p => p.Asks.Length);
        var question = plan
            .Probes.Choices.SelectMany(p =>
                p.Asks.Select(a => Tokens(a.Ask.Length + a.Stem.Length + p.Options.Sum(o => o.Length + 4) + ChoiceFrame))
            )
            .DefaultIfEmpty(0)
            .Average();
        var stimulus = Tokens(plan.Stimuli.Select(s => (double)s.Text.Length).DefaultIfEmpty(0).Average());
        foreach (var variant in plan.Variants)
        {
            var (said, thought) = (variant.Self.Sampling.MaxTokens * share, variant.Reflector.Sampling.MaxTokens * share);
            double cycles = plan.Cycles,
                sittings = plan.Rounds + 1,
                open = plan.Probes.Open.Length;
            var insights = Math.Min(
                Workload.InsightsAtMostOf(cycles, variant),
                cycles * (share < 1 ? Workload.MiddlingImportance : Workload.GreatestImportance) / variant.Reflector.InsightThreshold
            );
            var agent = charter + Tokens(plan.Charter.SelfModel.Length) + Frame + variant.Memory.Recall * (stimulus + said + Frame);
            var prompt = agent + stimulus + Frame;
            var answered = charter + stimulus + said + 3 * Frame;
            input +=
                plan.Replicates
                * (
                    cycles * variant.Self.Candidates * prompt
                    + cycles * (answered + Tokens(ReflectionRequest))
                    + insights * (answered + thought + Tokens(InsightRequest))
                    + sittings * (asks * samples * (agent + question) + open * prompt)
                );
            output +=
                plan.Replicates
                * (
                    cycles * (variant.Self.Candidates * said + thought)
                    + insights * thought
                    + sittings * (asks * samples * choice + open * said)
                );
            // The output sentence by sentence, stored memories, and recall queries.
            embedded +=
                plan.Replicates
                * (
                    cycles * (variant.Self.Candidates * said + 2 * (stimulus + said + thought) + stimulus)
                    + sittings * (plan.Probes.Choices.Length + open) * stimulus
                );
        }

        var bare = (1.0 + experiment.Size.TrainingsAtMost) * asks * samples;
        input += bare * (stem + question);
        output += bare * choice;
        return new TokenUse(Whole(input), Whole(output), Whole(embedded), Whole(Workload.TrainedOutsideAtMost(plan) * share));
    }

    // Their sum and their cost stay within range.
    private static long Whole(double tokens) => (long)Math.Min(tokens, 1e18);

    private static double Tokens(double characters) => characters / Workload.CharactersPerToken + Frame;
}
