using AiMe.Simulation.Machine;

namespace AiMe.Simulation;

/// <summary>A broken invariant.</summary>
/// <param name="How">The observation, in one sentence.</param>
public sealed record Violation(Invariant Invariant, string How);

/// <summary>The result of one seed.</summary>
/// <param name="Steps">Steps of the machine.</param>
/// <param name="Crashes">Crashes, including ends because of a failed store.</param>
/// <param name="Experiences">Stored experiences.</param>
/// <param name="Digest">The run's digest; null if it did not end.</param>
/// <param name="Order">A digest of the order of everything that happened.</param>
/// <param name="Schedule">The schedule; empty unless it was recorded.</param>
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
