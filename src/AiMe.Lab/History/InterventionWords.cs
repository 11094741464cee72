using System.Collections.Immutable;
using System.Diagnostics;
using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.History;

/// <summary>Scheduled interventions in words.</summary>
public static class InterventionWords
{
    /// <summary>What it does, with the variant or the instance as the subject: <c>keeps everything</c>; without a full stop.</summary>
    public static string Of(InterventionAction action) =>
        action switch
        {
            InterventionAction.Say s => $"is told \"{s.Stimulus.Text}\"",
            InterventionAction.SetPolicy p => PolicyWords.Keeping(p.Policy),
            InterventionAction.SwapModel { Model: { } named } => $"answers with {named.Short}",
            InterventionAction.SwapModel { Variant: { } other } => $"answers with generation 0 of {other}",
            InterventionAction.SwapModel => "answers with generation 0",
            _ => throw new UnreachableException(),
        };

    /// <summary>Several that begin before the same cycle.</summary>
    public static string Of(ImmutableArray<InterventionAction> actions) => string.Join("; ", actions.Select(Of));

    /// <summary>Whether it has happened in an instance, and where its record says so; without a full stop.</summary>
    public static string StateOf(InstanceIntervention intervention)
    {
        ArgumentNullException.ThrowIfNull(intervention);
        return intervention switch
        {
            { Happened: { } place, Action: InterventionAction.Say } => $"happened in cycle {Plain.Count(place.Cycle)}, {Event(place)}",
            { Happened: { } place } => $"happened after cycle {Plain.Count(place.Cycle)}, {Event(place)}",
            { State: InterventionState.Omitted } => "did not happen: the instance ended, or left the plan, before it",
            _ => "not yet",
        };
    }

    private static string Event(InterventionPlace place) => $"event {Plain.Count(place.Event)}";
}
