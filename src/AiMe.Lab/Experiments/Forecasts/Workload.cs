using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.Experiments.Forecasts;

/// <summary>What a run asks of the model, in calls and tokens.</summary>
/// <param name="Answers">Candidates sampled; repeated attempts are not counted.</param>
/// <param name="Reflections">One a cycle.</param>
/// <param name="Insights">Expected, at a middling importance of 5 for each experience.</param>
/// <param name="InsightsAtMost">Were every experience of the greatest importance.</param>
/// <param name="OpenAnswers">Sampled for open probes and for the gate's look at repeats.</param>
/// <param name="Scorings">Of a few given continuations behind one prompt: appraisals, choice probes, held-out and anchor text.</param>
/// <param name="Embeddings">Of answers and of what is recalled by.</param>
/// <param name="Trainings">At most; a round in which nothing was kept is skipped.</param>
/// <param name="SampledAtMost">Tokens, were every text as long as allowed.</param>
/// <param name="Sampled">Tokens expected.</param>
/// <param name="TrainedAtMost">Tokens seen in training, every epoch counted, were everything kept.</param>
/// <param name="Trained">Tokens expected: of <c>random</c> and <c>top</c> the share that they say, of other rules nothing is known.</param>
public sealed record Workload(
    double Answers,
    double Reflections,
    double Insights,
    double InsightsAtMost,
    double OpenAnswers,
    double Scorings,
    double Embeddings,
    double Trainings,
    double SampledAtMost,
    double Sampled,
    double TrainedAtMost,
    double Trained
)
{
    /// <summary>Tokens of a text when it may be longer. Measured: the mean of the quickstart's 1,080 answers is 14.5.</summary>
    public const double TypicalText = 15;

    /// <summary>Tokens of an example with its charter. Measured: 46.4 in the quickstart's 30 trainings.</summary>
    private const double TypicalExample = 46;

    // Of a hosted model's tokenizer nothing is known; English text has about four characters a token.
    internal const double CharactersPerToken = 4;

    // Of the gate's look at a candidate: samples, and records of held-out and of anchor text. See Examiner.
    internal const int RepeatSamples = 8,
        CheckedRecords = 128;

    internal const double MiddlingImportance = 5,
        GreatestImportance = 10;

    /// <summary>
    /// Tokens that jobs outside are given to train on, every epoch counted, were everything kept and every answer as long
    /// as allowed: by a guess of their tokenizer.
    /// </summary>
    public static double TrainedOutsideAtMost(RunPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var prompt = (plan.Charter.Stem.Length + plan.Stimuli.Select(s => s.Text.Length).DefaultIfEmpty(0).Max()) / CharactersPerToken;
        return plan.Replicates * plan.Variants.Sum(v => Examples(plan, v.Trainer) * (prompt + v.Self.Sampling.MaxTokens));
    }

    /// <summary>Counts a run.</summary>
    public static Workload Of(RunPlan plan)
    {
        var sum = new Workload(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        foreach (var variant in plan.Variants)
            sum = sum.Plus(OfInstance(plan, variant), plan.Replicates);
        double asks = plan.Probes.Choices.Sum(p => p.Asks.Length);
        return sum with { Scorings = sum.Scorings + 2 * asks + plan.Replicates * CheckedRecords }; // the base model's own
    }

    private static Workload OfInstance(RunPlan plan, VariantPlan variant)
    {
        double cycles = plan.Cycles,
            generations = plan.Rounds + 1,
            asks = plan.Probes.Choices.Sum(p => p.Asks.Length),
            open = plan.Probes.Open.Length;
        var trainings = variant.Trainer.Train ? plan.Rounds : 0;
        var answers = cycles * variant.Self.Candidates;
        var insights = Math.Min(cycles, cycles * MiddlingImportance / variant.Reflector.InsightThreshold);
        var most = Math.Min(cycles, Math.Floor(cycles * GreatestImportance / variant.Reflector.InsightThreshold));
        var openAnswers = generations * open + trainings * (open > 0 ? RepeatSamples : 0);
        var (said, thought) = ((double)variant.Self.Sampling.MaxTokens, (double)variant.Reflector.Sampling.MaxTokens);
        var examples = Examples(plan, variant.Trainer);
        return new(
            answers,
            cycles,
            insights,
            most,
            openAnswers,
            2 * answers + 2 * asks * generations + trainings * (2 * asks + CheckedRecords),
            2 * cycles + insights + generations * (plan.Probes.Choices.Length + open),
            trainings,
            (answers + openAnswers) * said + (cycles + most) * thought,
            (answers + openAnswers) * Math.Min(said, TypicalText) + (cycles + insights) * Math.Min(thought, TypicalText),
            examples * TypicalExample,
            examples * TypicalExample * Kept(variant)
        );
    }

    // Seen in all trainings of a life, were everything kept: kept / (1 - anchor) a round, over the rounds that a training looks at.
    private static double Examples(RunPlan plan, TrainerSettings trainer)
    {
        if (!trainer.Train)
            return 0;
        var rounds = Enumerable
            .Range(1, plan.Rounds)
            .Sum(r =>
                trainer.Data switch
                {
                    DataRegime.Replace => 1,
                    DataRegime.Window => Math.Min(r, trainer.Window),
                    _ => r,
                }
            );
        return rounds * plan.Every / (1 - trainer.Anchor) * trainer.Epochs;
    }

    private static double Kept(VariantPlan variant) => variant.Curate.Aggregate(1.0, (share, rule) => share
            * rule switch
            {
                KeepNone => 0,
                RandomShare r => r.P,
                Top t => t.Fraction,
                _ => 1,
            });

    private Workload Plus(Workload instance, int times) =>
        new(
            Answers + times * instance.Answers,
            Reflections + times * instance.Reflections,
            Insights + times * instance.Insights,
            InsightsAtMost + times * instance.InsightsAtMost,
            OpenAnswers + times * instance.OpenAnswers,
            Scorings + times * instance.Scorings,
            Embeddings + times * instance.Embeddings,
            Trainings + times * instance.Trainings,
            SampledAtMost + times * instance.SampledAtMost,
            Sampled + times * instance.Sampled,
            TrainedAtMost + times * instance.TrainedAtMost,
            Trained + times * instance.Trained
        );
}
