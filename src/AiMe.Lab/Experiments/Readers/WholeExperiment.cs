using AiMe.Corpora;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
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
        HostedRules.Check(experiment, root);
    }

    private static void CheckMeasures(Experiment experiment, Section root)
    {
        var charter = experiment.Charter;
        string[] words = [.. charter.Traits, .. charter.Values];
        var at = root.Find("probes")!.At;
        foreach (var probe in experiment.Probes.Choices.Where(p => !words.Contains(p.Measures, StringComparer.Ordinal)))
            root.Problems.Warn(
                at,
                "probes.set",
                $"the probe '{probe.Id}' measures '{probe.Measures}', which is no trait or value of the "
                    + $"charter{Nearest.Hint(probe.Measures, words)}"
            );
    }
}
