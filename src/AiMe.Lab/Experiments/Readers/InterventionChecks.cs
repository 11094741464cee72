using AiMe.Faculties.Curation;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>Checks what only the whole experiment says of its scheduled interventions.</summary>
internal static class InterventionChecks
{
    /// <summary>Reports interventions that cannot take effect, contradict each other, or leave nothing to compare.</summary>
    public static void Check(Experiment experiment, Section root)
    {
        if (experiment.Interventions.IsEmpty)
            return;
        var plan = experiment.Plan(default, origin: null);
        var items = root.Find("events")!.Items("").ToArray();
        foreach (var (i, (item, intervention)) in items.Zip(experiment.Interventions).Index())
        {
            if (Fault(plan, intervention) is { } fault)
                item.Fail(fault);
            foreach (var earlier in experiment.Interventions.Take(i).Where(e => Contradict(e, intervention)))
            {
                item.Fail(
                    $"another event does the same kind of thing to {earlier.Variants.First(intervention.Treats)} before cycle "
                        + $"{earlier.Cycle}; expected one of a kind before a cycle"
                );
                break;
            }

            OfPolicy(experiment, intervention, item, root);
            if (FaultOfModel(experiment, intervention) is { } unknown)
                item.Fail(unknown);
            if (Unchanged(plan, intervention) is { } same)
                item.Problems.Warn(
                    item.At,
                    item.Path,
                    $"{same} has this policy already before cycle {intervention.Cycle}: nothing changes"
                );
            if (experiment.Variants.All(v => intervention.Treats(v.Name)))
                item.Problems.Warn(
                    item.At,
                    item.Path,
                    "it treats every variant, so none is left to compare with; name the variants to be treated"
                );
        }
    }

    private static string? Fault(RunPlan plan, ScheduledIntervention intervention)
    {
        var (cycle, cycles) = (intervention.Cycle, plan.Cycles);
        return cycle > cycles ? $"it is before cycle {cycle}, and an instance has {cycles} cycles; expected a cycle up to {cycles}"
            : intervention.Do is InterventionAction.Say && plan.ExternalAt(cycle) is null
                ? $"cycle {cycle} is an internal drive, which is no stimulus that could be replaced; expected another cycle, such as "
                    + (cycle > 1 ? cycle - 1 : cycle + 1)
            : intervention.Do is InterventionAction.SetPolicy set && (cycle - 1) % plan.Every != 0 ? MidRound(plan, intervention, set)
            : null;
    }

    // What is held until the end of the round would be judged by two policies.
    private static string? MidRound(RunPlan plan, ScheduledIntervention intervention, InterventionAction.SetPolicy set)
    {
        var held = intervention
            .Variants.SelectMany(plan.PoliciesOf)
            .Append(set.Policy)
            .FirstOrDefault(p => Matched.In(p) is not null || Review.In(p) is not null);
        var round = (intervention.Cycle - 1) / plan.Every + 1;
        return held.IsDefault
            ? null
            : $"cycle {intervention.Cycle} is within round {round}, and [{string.Join(", ", held)}] holds experiences until the end of a "
                + $"round; expected the first cycle of a round, such as at: {{round: {round + 1}}}";
    }

    // The first treated variant whose policy before the cycle is the one that is set.
    private static string? Unchanged(RunPlan plan, ScheduledIntervention intervention) =>
        intervention.Do is InterventionAction.SetPolicy set
            ? intervention.Variants.FirstOrDefault(name =>
                plan.Scheduled.Where(s => s.Treats(name) && s.Cycle < intervention.Cycle)
                    .OrderBy(s => s.Cycle)
                    .Select(s => s.Do)
                    .OfType<InterventionAction.SetPolicy>()
                    .Select(s => s.Policy)
                    .Prepend(plan.Variants.First(v => v.Name == name).Curate)
                    .Last()
                    .SequenceEqual(set.Policy)
            )
            : null;

    private static bool Contradict(ScheduledIntervention a, ScheduledIntervention b) =>
        a.Cycle == b.Cycle && a.Do.GetType() == b.Do.GetType() && a.Variants.Any(b.Treats);

    // The rules that hold for the policy of a variant hold for a scheduled one.
    private static void OfPolicy(Experiment experiment, ScheduledIntervention intervention, FieldReader item, Section root)
    {
        if (intervention.Do is not InterventionAction.SetPolicy set)
            return;
        Problems before = new(),
            after = new();
        HostedRules.Check(experiment, new Section("", root.Node, before));
        HostedRules.Check(
            experiment with
            {
                Variants = [.. experiment.Variants.Select(v => intervention.Treats(v.Name) ? v with { Curate = set.Policy } : v)],
            },
            new Section("", root.Node, after)
        );
        foreach (var problem in after.All.Except(before.All).Where(p => p.Severity == Severity.Error))
            item.Fail(problem.Text);
    }

    private static string? FaultOfModel(Experiment experiment, ScheduledIntervention intervention) =>
        intervention.Do switch
        {
            InterventionAction.SwapModel { Model: { } named } when experiment.Model is not OpenAiModel =>
                $"swap-model: {{model: {named.Value}}} names a model of a server, and this experiment has none; expected base or "
                    + "{variant: NAME}",
            _ => null,
        };
}
