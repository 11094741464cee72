using AiMe.Faculties.Supervisor;
using AiMe.Lab.Experiments.Forecasts;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments;

/// <summary>
/// The largest plan that one store and its processes can hold. Each number of a file is bounded, and so are their
/// products.
/// </summary>
public static class PlanLimits
{
    /// <summary>Instances of each variant.</summary>
    public const int Replicates = MostInstances;

    /// <summary>Stimuli of a file, each of which the plan contains. Also the bound of keys that count stimuli.</summary>
    public const int Stimuli = 1_000_000;

    /// <summary>Rounds of an instance: of one experience each, with a drive after each stimulus.</summary>
    public const int Rounds = 2 * Stimuli;

    /// <summary>Exchanges of a base model's training text, all of which are in memory: about a gigabyte.</summary>
    public const int Records = 1_000_000;

    /// <summary>Tokens of a checkpoint's context.</summary>
    public const int Context = 1_000_000;

    /// <summary>Memories of one instance, all of which are in memory.</summary>
    public const int Memories = 1_000_000;

    /// <summary>More tokens than any vocabulary has.</summary>
    public const int Vocabulary = 1_000_000;

    /// <summary>Above the rate of any server.</summary>
    public const int RequestsPerMinute = 1_000_000;

    // The supervisor keeps the progress of every instance in memory. See docs/OPERATIONS.md, Sizing.
    private const int MostInstances = 1_000_000;

    // About 650 GB of journal.
    private const double MostExperiences = 1e8;

    // About a terabyte of journal.
    private const double MostProbeQuestions = 1e10;

    // A million threads would train for days.
    private const double MostExamples = 1e12;

    /// <summary>Reports a plan that is too large, with the keys to change.</summary>
    /// <returns>Whether the plan can be held.</returns>
    internal static bool Holds(Experiment experiment, Section root)
    {
        var plan = experiment.Plan(default, origin: null);
        double instances = (double)plan.Replicates * plan.Variants.Length;
        var made = $"{plan.Variants.Length} variants x {plan.Replicates} replicates";
        var (key, text) =
            instances > MostInstances
                ? ("replicates", TooMany(made, instances, "instances", MostInstances, "lower replicates, or remove variants"))
            : instances * plan.Cycles > MostExperiences
                ? (
                    "stimuli.count",
                    TooMany(
                        $"{made} with {plan.Cycles} stimuli and drives each",
                        instances * plan.Cycles,
                        "experiences",
                        MostExperiences,
                        "lower stimuli.count or replicates"
                    )
                )
            : experiment.Size.Probes > MostProbeQuestions
                ? (
                    "train.every",
                    TooMany(
                        $"{made} probed at {plan.Rounds + 1} generations each",
                        experiment.Size.Probes,
                        "probe questions",
                        MostProbeQuestions,
                        "raise train.every, or lower replicates"
                    )
                )
            : Workload.ExamplesAtMost(plan) is > MostExamples and var examples
                ? (
                    "train.data",
                    TooMany(
                        $"{made} trained in {plan.Rounds} rounds each",
                        examples,
                        "training examples",
                        MostExamples,
                        "set train.data to a window(n), raise train.every, or lower train.epochs, steps, examples or tokens"
                    )
                )
            : ("", "");
        if (key.Length > 0)
            root.Problems.Fail(root.Find(key.Split('.')[0])?.At ?? root.At, key, text);
        return key.Length == 0;
    }

    private static string TooMany(string made, double found, string what, double most, string remedy) =>
        FormattableString.Invariant($"{made} are {found:N0} {what}, expected at most {most:N0}: {remedy}");
}
