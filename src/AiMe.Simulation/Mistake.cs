using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Simulation.Machine;
using AiMe.Simulation.Mistakes;

namespace AiMe.Simulation;

/// <summary>A typical mistake, planted in the runtime's dependencies to test that the invariants find it.</summary>
/// <param name="Name">The name on the command line.</param>
/// <param name="Sentence">The mistake, in one sentence.</param>
/// <param name="Breaks">Name of the invariant that it must break.</param>
public abstract record Mistake(string Name, string Sentence, string Breaks)
{
    /// <summary>All mistakes.</summary>
    public static IReadOnlyList<Mistake> All { get; } =
    [
        new AckBeforeDurable(),
        new NoIdempotence(),
        new SilentDuplicate(),
        new LostPending(),
        new DoubleSubmit(),
        new StaleSnapshot(),
        new OrderByTimestamp(),
    ];

    internal virtual ImmutableArray<FacultyDefinition> Faculties(ImmutableArray<FacultyDefinition> faculties) => faculties;

    internal virtual SimulatedParts Plant(SimulatedParts parts) => parts;
}
