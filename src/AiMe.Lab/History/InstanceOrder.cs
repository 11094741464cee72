using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.History;

/// <summary>The display order of a run's instances.</summary>
public static class InstanceOrder
{
    /// <summary>The planned instances in the order of the plan, then their forks in ordinal order of name.</summary>
    public static IEnumerable<string> Of(SupervisorState run) =>
        [
            .. run.Plan!.Instances.Select(i => RunPlan.NameOf(i.Variant, i.Replicate)),
            .. run.Instances.Where(l => l.Value.Parent is not null).Select(l => l.Key),
        ];
}
