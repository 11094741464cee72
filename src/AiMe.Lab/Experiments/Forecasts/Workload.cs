using System.Diagnostics;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;

namespace AiMe.Lab.Experiments.Forecasts;

/// <summary>The model work of a run, in calls and tokens.</summary>
/// <param name="Answers">Candidates sampled; repeated attempts are not counted.</param>
/// <param name="Reflections">One a cycle.</param>
/// <param name="Insights">Expected, at a mean importance of 5 for each experience.</param>
/// <param name="InsightsAtMost">If every experience had the greatest importance.</param>
/// <param name="OpenAnswers">Sampled for open probes and for the gate's repetition check.</param>
/// <param name="Scorings">
/// Calls that score a few given continuations of one prompt: appraisals, choice probes, held-out and anchor text.
/// </param>
/// <param name="Embeddings">Embedded answers and recall queries.</param>
/// <param name="Trainings">At most; a round in which nothing was kept is skipped.</param>
/// <param name="SampledAtMost">Tokens, if every text reached its limit.</param>
/// <param name="Sampled">Expected tokens.</param>
/// <param name="TrainedAtMost">Training tokens over all epochs or steps, if every experience were kept.</param>
/// <param name="Trained">
/// Expected training tokens: <c>random</c> and <c>top</c> keep the share that they name; other rules are assumed to
/// keep everything.
/// </param>
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
    /// <summary>
    /// Tokens of a text whose limit is higher. Measured: the mean of the 1,080 answers of quickstart-0.1 is 14.5.
    /// </summary>
    public const double TypicalText = 15;

    /// <summary>Tokens of an example with its charter. Measured: 46.4 in the 30 trainings of quickstart-0.1.</summary>
    private const double TypicalExample = 46;

    // Of the embedded model's batches, see NanoTraining; the batches of a command are not known.
    private const double TokensOfStep = 1024;

    // The tokenizer of a hosted model is unknown; English text has about four characters a token.
    internal const double CharactersPerToken = 4;

    // The gate's examination of a candidate: samples, and records of held-out and anchor text. See Examiner.
    internal const int RepeatSamples = 8,
        CheckedRecords = 128;

    internal const double MiddlingImportance = 5,
        GreatestImportance = 10;

    /// <summary>
    /// Training tokens that external jobs receive over all epochs, if every experience were kept and every answer
    /// reached its limit. The tokenizer is estimated, and so are a command's batches if its budget is in steps.
    /// </summary>
    public static double TrainedOutsideAtMost(RunPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var prompt = (plan.Charter.Stem.Length + plan.Stimuli.Select(s => s.Text.Length).DefaultIfEmpty(0).Max()) / CharactersPerToken;
        return plan.Replicates * plan.Variants.Sum(v => Trained(prompt + v.Self.Sampling.MaxTokens, v.Trainer));

        double Trained(double example, TrainerSettings trainer) => Passes(plan, trainer, example, kept: null) * example;
    }

    /// <summary>Example passes of all trainings, if every experience were kept.</summary>
    internal static double ExamplesAtMost(RunPlan plan) =>
        plan.Replicates * plan.Variants.Sum(v => Passes(plan, v.Trainer, TypicalExample, kept: null));

    /// <summary>The work with a distribution in place of a model: a token is a number, and an answer has one for each dimension.</summary>
    public Workload Of(DistributionModel model, RunPlan plan)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(plan);
        var drawn = (Answers + OpenAnswers) * model.Shape.Dimensions;
        var fitted = ExamplesAtMost(plan) * model.Shape.Dimensions;
        return this with
        {
            Sampled = drawn,
            SampledAtMost = drawn,
            TrainedAtMost = fitted,
            Trained = TrainedAtMost > 0 ? fitted * Trained / TrainedAtMost : 0,
        };
    }

    /// <summary>Insights of an instance if every experience had the greatest importance.</summary>
    internal static double InsightsAtMostOf(double cycles, VariantPlan variant) =>
        Math.Min(cycles, Math.Floor(cycles * GreatestImportance / variant.Reflector.InsightThreshold));

    /// <summary>The workload of a run.</summary>
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
        var most = InsightsAtMostOf(cycles, variant);
        var insights = Math.Min(most, cycles * MiddlingImportance / variant.Reflector.InsightThreshold);
        var openAnswers = generations * open + trainings * (open > 0 ? RepeatSamples : 0);
        var (said, thought) = ((double)variant.Self.Sampling.MaxTokens, (double)variant.Reflector.Sampling.MaxTokens);
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
            Passes(plan, variant.Trainer, TypicalExample, kept: null) * TypicalExample,
            Passes(plan, variant.Trainer, TypicalExample, Kept(variant)) * TypicalExample
        );
    }

    // Example passes in all trainings of an instance. A set has kept / (1 - anchor) examples a round, over the rounds in
    // the training's window.
    // example: tokens of an example. kept: the share of experiences; null for the most passes, if all are kept.
    private static double Passes(RunPlan plan, TrainerSettings trainer, double example, double? kept)
    {
        if (!trainer.Train || kept == 0)
            return 0;
        double all = plan.Rounds;
        var window = trainer.Data switch
        {
            DataRegime.Replace => 1,
            DataRegime.Window => Math.Min(all, trainer.Window),
            _ => all,
        };
        var round = trainer.SetOf((kept ?? 1) * plan.Every);
        return trainer.Budget switch
        {
            // Round r sees min(r, window) rounds.
            null => Math.Max(0, window * (window + 1) / 2 + (all - window) * window) * round * trainer.Epochs,
            { Unit: BudgetUnit.Examples } budget => all * budget.Amount,
            { Unit: BudgetUnit.Tokens } budget => all * Math.Ceiling(budget.Amount / example),
            { Unit: BudgetUnit.Steps } budget => budget.Amount
                * Steps(all, window, round, Math.Max(1, TokensOfStep / example), kept is null),
            _ => throw new UnreachableException(),
        };
    }

    // Examples of one step, summed over the rounds: a set in whole batches, of which the last is smaller.
    private static double Steps(double all, double window, double round, double batch, bool most)
    {
        double sum = 0;
        for (var r = 1; r < Math.Min(all + 1, window); r++)
            sum += Of(r);
        return sum + Math.Max(0, all - Math.Max(0, window - 1)) * Of(window);

        double Of(double rounds)
        {
            var set = Math.Max(1, rounds * round);
            return most ? Math.Min(set, batch) : set / Math.Ceiling(set / batch);
        }
    }

    private static double Kept(VariantPlan variant) =>
        Policy
            .RulesOf(variant.Curate)
            .Aggregate(1.0, (share, rule) => share
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
