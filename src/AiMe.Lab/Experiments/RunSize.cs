using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Experiments.Forecasts;

namespace AiMe.Lab.Experiments;

/// <summary>The size of a run.</summary>
/// <param name="Instances">Variants x replicates.</param>
/// <param name="Cycles">Stimuli and drives of one instance.</param>
/// <param name="Rounds">Rounds that one instance completes.</param>
/// <param name="Answers">Outputs sampled in all, every candidate counted; repeated attempts are not.</param>
/// <param name="Reflections">One a cycle.</param>
/// <param name="InsightsAtMost">If every experience had the greatest importance.</param>
/// <param name="Probes">
/// Probe questions at generation 0 and after every round: each wording of a choice probe for the bare model and for the
/// agent, each open probe for the agent.
/// </param>
/// <param name="TrainingsAtMost">
/// Rounds of the variants that train; a round in which nothing was kept is skipped.
/// </param>
public sealed record RunSize(
    long Instances,
    int Cycles,
    int Rounds,
    long Answers,
    long Reflections,
    long InsightsAtMost,
    long Probes,
    long TrainingsAtMost
)
{
    /// <summary>Model calls that are certain if none fails: answers, reflections and probes.</summary>
    public long Calls => Answers + Reflections + Probes;

    /// <summary>The size of an experiment's run.</summary>
    public static RunSize Of(Experiment experiment)
    {
        var plan = experiment.Plan(new ModelId("dry-run"), origin: null);
        long replicates = plan.Replicates;
        long cycles = plan.Cycles;
        long asked = 2L * plan.Probes.Choices.Sum(p => p.Asks.Length) + plan.Probes.Open.Length;
        return new(
            replicates * plan.Variants.Length,
            plan.Cycles,
            plan.Rounds,
            plan.Variants.Sum(v => v.Self.Candidates * cycles * replicates),
            plan.Variants.Length * cycles * replicates,
            plan.Variants.Sum(v => (long)Workload.InsightsAtMostOf(plan.Cycles, v) * replicates),
            plan.Variants.Length * replicates * (plan.Rounds + 1) * asked,
            plan.Variants.Count(v => v.Trainer.Train) * replicates * plan.Rounds
        );
    }
}
