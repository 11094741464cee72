using System.Collections.Immutable;

namespace AiMe.Faculties.Supervisor;

/// <summary>A treatment that begins in mid-run, in some variants and not in others. It is part of the plan.</summary>
/// <param name="Cycle">
/// The planned cycle before which it takes effect, from 1. Cycles of unplanned inputs are not counted.
/// </param>
/// <param name="Variants">The treated variants, at least one.</param>
public sealed record ScheduledIntervention(int Cycle, ImmutableArray<string> Variants, InterventionAction Do)
{
    /// <summary>Whether an instance of the variant is treated.</summary>
    public bool Treats(string variant) => Variants.Contains(variant, StringComparer.Ordinal);
}
