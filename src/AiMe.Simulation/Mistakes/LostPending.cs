using System.Collections.Immutable;
using AiMe.Kernel;

namespace AiMe.Simulation;

/// <summary>A life that is read back does not find what it still owes.</summary>
public sealed record LostPending() : Mistake("lost-pending", "after a restart nothing that was owed is owed any more", "ends")
{
    internal override ImmutableArray<Faculty> Faculties(ImmutableArray<Faculty> faculties) => [.. faculties.Select(f => new OtherFaculty(f, pending: _ => []))];
}
