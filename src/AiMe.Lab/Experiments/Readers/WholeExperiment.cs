using AiMe.Corpora;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>Checks that need the whole experiment.</summary>
internal static class WholeExperiment
{
    public static void Check(Experiment experiment, Section root, FieldReader? tick, FieldReader? train)
    {
        if (!PlanLimits.Holds(experiment, root))
            return;
        var plan = experiment.Plan(default, origin: null);
        if (plan.Cycles > (DateTime.MaxValue - experiment.Epoch) / experiment.Tick)
            root.Problems.Fail(
                tick?.At ?? root.At,
                "tick",
                $"{plan.Cycles} cycles of {experiment.Tick} after {experiment.Epoch:yyyy-MM-dd} end after the year 9999; "
                    + "expected a shorter tick"
            );
        if (plan.Rounds == 0)
            root.Problems.Warn(
                train?.At ?? root.At,
                "train.every",
                $"a round is {experiment.Every} experiences and an instance has {plan.Cycles}, so no round completes "
                    + "and nothing is ever trained"
            );
        AnalysisReader.Check(experiment, root);
        CheckCharters(experiment, root);
        CheckMeasures(experiment, root);
        CheckRecognition(experiment, root);
        CheckRejected(experiment, root, train);
        HostedRules.Check(experiment, root);
        InterventionChecks.Check(experiment, root);
    }

    // What is made of one charter's text and shared by a run.
    private static void CheckCharters(Experiment experiment, Section root)
    {
        if (experiment.Charters.IsEmpty)
            return;
        var why =
            experiment.Model is DistributionModel ? "a distribution has no words, so that its charter changes nothing; expected charter"
            : experiment.Model is OpenAiModel && experiment.Identity is not null
                ? "a hosted model is fine-tuned once for a run, and every charter would need a job of its own; remove identity, since the "
                    + "charter is in every prompt"
            : experiment.Model is OpenAiModel { Scoring: not null }
                ? "the scores of a hosted model are calibrated with one charter; remove model.scoring"
            : experiment.Variants.Any(v => v.Model is not null)
                ? "every charter has a base model of its own, and so have some variants; remove model from the variants"
            : experiment.Analysis is { } analysis
            && analysis.Contrasts.Any(c => c is DeclaredContrast.Ordered)
            && analysis.Primary.Concat(analysis.Secondary).Any(o => o is DeclaredOutcome.Survival)
                ? "the times of crossing of one charter's replicates have no mean if some never crossed, so that no order of them is "
                    + "tested; remove the ordered contrast or the survival outcome"
            : null;
        if (why is not null)
            root.Find("charters")!.Fail(why);
    }

    private static void CheckRecognition(Experiment experiment, Section root)
    {
        if (!experiment.Probes.Recognition)
            return;
        var why =
            experiment.Model is not NanoModel ? "it needs log-probabilities of given text, which a hosted model does not return"
            : !LoopVersion.MeasuresModels(experiment.LoopVersion) ? "models are measured from loop-version 3 on"
            : null;
        if (why is not null)
            root.Find("probes")!.Section()!.Find("recognition")!.Fail($"{why}; remove the key");
    }

    private static void CheckRejected(Experiment experiment, Section root, FieldReader? train)
    {
        if (experiment.Identity is not null)
            return;
        foreach (var v in experiment.Variants.Where(v => v.Trainer.Method is TrainingMethod.Dpo { Rejected: RejectedFrom.Untuned }))
            root.Problems.Fail(
                train?.At ?? root.At,
                "train.rejected",
                $"the variant '{v.Name}' rejects answers of the untuned base model, but without identity that is generation 0; "
                    + "expected birth"
            );
    }

    // One line a scale: a battery of another author may have hundreds of items.
    private static void CheckMeasures(Experiment experiment, Section root)
    {
        string[] words =
        [
            .. experiment.ByCharter.SelectMany(e => e.Charter.Traits.Concat(e.Charter.Values)).Distinct(StringComparer.Ordinal),
        ];
        var of = experiment.Charters.IsEmpty ? "the charter" : "any charter";
        var at = root.Find("probes")!.At;
        var probes = experiment
            .Probes.Choices.Select(p => (p.Id, p.Measures))
            .Concat(experiment.Probes.Open.Where(p => p.Twin is not null).Select(p => (p.Id, p.Twin!.Measures)));
        foreach (var scale in probes.Where(p => !words.Contains(p.Measures, StringComparer.Ordinal)).GroupBy(p => p.Measures, p => p.Id))
            root.Problems.Warn(
                at,
                "probes.set",
                (scale.Count() == 1 ? $"the probe '{scale.First()}' measures" : $"{scale.Count()} probes, '{scale.First()}' first, measure")
                    + $" '{scale.Key}', which is no trait or value of {of}{Nearest.Hint(scale.Key, words)}"
            );
    }
}
