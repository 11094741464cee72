using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Simulation.Machine;
using AiMe.Simulation.Mistakes;

namespace AiMe.Simulation;

/// <summary>
/// A classic mistake, planted by wrapping what the runtime is given: what the invariants are there to find.
/// </summary>
/// <param name="Name">As on the command line.</param>
/// <param name="Sentence">What is wrong.</param>
/// <param name="Breaks">Name of the invariant that it is expected to break.</param>
public abstract record Mistake(string Name, string Sentence, string Breaks)
{
    /// <summary>All of them.</summary>
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
