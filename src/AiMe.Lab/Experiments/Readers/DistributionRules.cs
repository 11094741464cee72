using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>Rules about settings that make no sense with a distribution in place of a language model.</summary>
internal static class DistributionRules
{
    private const string OfWords = "is of words or of a corpus, and an answer of a distribution is a line of numbers; expected ";

    /// <summary>Checks an experiment.</summary>
    public static void Check(Experiment experiment, Section root)
    {
        if (!LoopVersion.MeasuresModels(experiment.LoopVersion))
            root.Problems.Fail(
                root.Find("loop-version")?.At ?? root.At,
                "loop-version",
                $"a distribution is measured from loop-version {LoopVersion.Third} on; expected {LoopVersion.Third} or more"
            );
        foreach (var variant in experiment.Variants)
            Check(variant, root);
    }

    /// <summary>Checks a variant.</summary>
    public static void Check(VariantPlan v, Section root)
    {
        OfSampling(v, (section, key, text) => HostedRules.Fail(root, v, section, key, text));
        OfCuration(v, (section, key, text) => HostedRules.Fail(root, v, section, key, text));
        if (v.Trainer.Train)
            OfTraining(v.Trainer, (key, text) => HostedRules.Fail(root, v, "train", key, text));
    }

    // A draw is sampled as the distribution has it; in reflections nothing is sampled.
    private static void OfSampling(VariantPlan v, Action<string, string, string> fail)
    {
        const string Whole = "a distribution is sampled as it is; expected ";
        if (v.Self.Sampling.Temperature != 1)
            fail("generate", "temperature", $"{Whole}1");
        if (v.Self.Sampling.TopK != 0)
            fail("generate", "top-k", $"{Whole}0");
        if (v.Self.Sampling.TopP != 1)
            fail("generate", "top-p", $"{Whole}1");
        if (v.Self.Pick is { } pick and not ScoreName.CurrentPerplexity)
            fail("generate", "pick", $"{pick.Text()} {OfWords}first or current-perplexity");
    }

    private static void OfCuration(VariantPlan v, Action<string, string, string> fail)
    {
        foreach (var rule in Policy.RulesOf(v.Curate))
        {
            var score = rule switch
            {
                Minimum m => m.Score,
                Top t => t.Score,
                PerplexityBand p => p.Score,
                SelfReferenceBand => ScoreName.SelfReference,
                Verified => ScoreName.Correctness,
                _ => (ScoreName?)null,
            };
            if (score is { } name and not ScoreName.CurrentPerplexity)
                fail("curate", "", $"{name.Text()} {OfWords}current-perplexity, or a rule without a score");
            if (rule is ModelJudge judge)
                fail("curate", "", $"the rubric {judge.Rubric.Name} {OfWords}another rule");
        }
    }

    private static void OfTraining(TrainerSettings t, Action<string, string> fail)
    {
        const string Fit = "a training fits the distribution to its examples at once, and ";
        if (t.Backend is not null)
            fail("backend", $"{Fit}in this process; remove the key");
        if (t.Method is not null)
            fail("method", $"{Fit}there is no adapter and no pair; expected full");
        if (t.Start != StartFrom.Continued)
            fail("start", $"{Fit}does not depend on where it starts; remove the key");
        if (t.Budget is { } budget)
            fail(Keywords.Units.Of(budget.Unit)!, $"{Fit}has no length; remove the key");
        else if (t.Epochs != Defaults.EpochsOfFit)
            fail("epochs", $"{Fit}has no length; remove the key");
        if (t.Method is null && t.LearningRate != Defaults.Train.LearningRate)
            fail("learning-rate", $"{Fit}has no learning rate; remove the key");
        if (t.Gate.Drift is not null || t.Gate.Repeats is not null)
            fail("gate", $"drift and repeats are of words, and a distribution has none; expected heldout-rise, anchor-rise or none");
    }
}
