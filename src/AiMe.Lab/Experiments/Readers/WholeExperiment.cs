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
        CheckMeasures(experiment, root);
        CheckRecognition(experiment, root);
        CheckRejected(experiment, root, train);
        HostedRules.Check(experiment, root);
        InterventionChecks.Check(experiment, root);
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
        var charter = experiment.Charter;
        string[] words = [.. charter.Traits, .. charter.Values];
        var at = root.Find("probes")!.At;
        var probes = experiment
            .Probes.Choices.Select(p => (p.Id, p.Measures))
            .Concat(experiment.Probes.Open.Where(p => p.Twin is not null).Select(p => (p.Id, p.Twin!.Measures)));
        foreach (var scale in probes.Where(p => !words.Contains(p.Measures, StringComparer.Ordinal)).GroupBy(p => p.Measures, p => p.Id))
            root.Problems.Warn(
                at,
                "probes.set",
                (scale.Count() == 1 ? $"the probe '{scale.First()}' measures" : $"{scale.Count()} probes, '{scale.First()}' first, measure")
                    + $" '{scale.Key}', which is no trait or value of the charter{Nearest.Hint(scale.Key, words)}"
            );
    }
}
