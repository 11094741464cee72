using System.Collections.Immutable;
using AiMe.EventSourcing;

namespace AiMe.Simulation.Mistakes;

/// <summary>A recovered instance does not find its pending effects.</summary>
public sealed record LostPending() : Mistake("lost-pending", "after a restart no effect is pending any more", "ends")
{
    internal override ImmutableArray<FacultyDefinition> Faculties(ImmutableArray<FacultyDefinition> faculties) =>
        [.. faculties.Select(f => new OtherFaculty(f, pending: _ => []))];
}
