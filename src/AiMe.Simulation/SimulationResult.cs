using AiMe.Simulation.Machine;

namespace AiMe.Simulation;

/// <summary>An invariant that does not hold.</summary>
/// <param name="How">What was found, in one sentence.</param>
public sealed record Violation(Invariant Invariant, string How);

/// <summary>What came of one seed.</summary>
/// <param name="Steps">Of the machine.</param>
/// <param name="Crashes">And ends by a failed store.</param>
/// <param name="Experiences">Stored.</param>
/// <param name="Digest">Of the run, or null where it did not end.</param>
/// <param name="Order">A digest of the order of everything that happened.</param>
/// <param name="Schedule">Empty unless it was recorded.</param>
internal sealed record SimulationResult(
    Scenario Scenario,
    Violation? Violation,
    long Steps,
    int Crashes,
    int Experiences,
    string? Digest,
    ulong Order,
    IReadOnlyList<ScheduleLine> Schedule
);
