using AiMe.Faculties.Supervisor;
using AiMe.Models;

namespace AiMe.Lab.Experiments.Forecasts;

/// <summary>
/// What the calls of a run of a hosted model come to in tokens, as far as that can be known before it. A guess: nothing is
/// known of the model's tokenizer, or of how much it says.
/// </summary>
public static class HostedCosts
{
    // Around a message, in tokens.
    private const double Frame = 4;

    // Of the requests to reflect and to form an insight, with the schema of a reflection; of a choice probe what stands
    // around its options. In characters.
    private const double ReflectionRequest = 1_300,
        InsightRequest = 80,
        ChoiceFrame = 120;

    // An answer of one letter, and the most that may be said in its place.
    private const double Letter = 1,
        LongestChoice = 16;

    // Short texts are a fraction of what they may be.
    private const double ShortText = 0.25;

    /// <summary>
    /// A range: where the server tells log-probabilities and texts have a quarter of the length that they may have; and
    /// where it tells none and every text is as long as it may be.
    /// </summary>
    public static (TokenUse Least, TokenUse Most) Of(Experiment experiment, OpenAiModel model)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        ArgumentNullException.ThrowIfNull(model);
        return (Of(experiment, ShortText, samples: 1, Letter), Of(experiment, 1, model.Samples, LongestChoice));
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
        var heard = Tokens(plan.Stimuli.Select(s => (double)s.Text.Length).DefaultIfEmpty(0).Average());
        foreach (var variant in plan.Variants)
        {
            var (said, thought) = (variant.Self.Sampling.MaxTokens * share, variant.Reflector.Sampling.MaxTokens * share);
            double cycles = plan.Cycles,
                sittings = plan.Rounds + 1,
                open = plan.Probes.Open.Length;
            var insights = Math.Min(
                cycles,
                cycles * (share < 1 ? Workload.MiddlingImportance : Workload.GreatestImportance) / variant.Reflector.InsightThreshold
            );
            var agent = charter + Tokens(plan.Charter.SelfModel.Length) + Frame + variant.Memory.Recall * (heard + said + Frame);
            var told = agent + heard + Frame;
            var lived = charter + heard + said + 3 * Frame;
            input +=
                plan.Replicates
                * (
                    cycles * variant.Self.Candidates * told
                    + cycles * (lived + Tokens(ReflectionRequest))
                    + insights * (lived + thought + Tokens(InsightRequest))
                    + sittings * (asks * samples * (agent + question) + open * told)
                );
            output +=
                plan.Replicates
                * (
                    cycles * (variant.Self.Candidates * said + thought)
                    + insights * thought
                    + sittings * (asks * samples * choice + open * said)
                );
            // What it says, sentence by sentence; what is remembered; and what is recalled by.
            embedded +=
                plan.Replicates
                * (
                    cycles * (variant.Self.Candidates * said + 2 * (heard + said + thought) + heard)
                    + sittings * (plan.Probes.Choices.Length + open) * heard
                );
        }

        var bare = (1.0 + experiment.Matrix.TrainingsAtMost) * asks * samples;
        input += bare * (stem + question);
        output += bare * choice;
        return new TokenUse((long)input, (long)output, (long)embedded, (long)(Workload.TrainedOutsideAtMost(plan) * share));
    }

    private static double Tokens(double characters) => characters / Workload.CharactersPerToken + Frame;
}
