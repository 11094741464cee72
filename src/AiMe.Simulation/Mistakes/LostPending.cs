using System.Collections.Immutable;
using AiMe.EventSourcing;

namespace AiMe.Simulation.Mistakes;

/// <summary>A life that is read back does not find what it still owes.</summary>
public sealed record LostPending() : Mistake("lost-pending", "after a restart nothing that was owed is owed any more", "ends")
{
    internal override ImmutableArray<FacultyDefinition> Faculties(ImmutableArray<FacultyDefinition> faculties) =>
        [.. faculties.Select(f => new OtherFaculty(f, pending: _ => []))];
}
