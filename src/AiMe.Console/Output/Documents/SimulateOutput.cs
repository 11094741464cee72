namespace AiMe.Console.Output.Documents;

/// <summary>The result of a simulation.</summary>
/// <param name="First">The first seed.</param>
/// <param name="Seeds">Number of seeds to try.</param>
/// <param name="Tried">Number of seeds tried.</param>
/// <param name="Experiences">Stored experiences.</param>
/// <param name="Steps">Steps of all machines.</param>
/// <param name="Crashes">Crashes of all processes.</param>
/// <param name="Order">Digest of the order of all steps, the same in every process of this build.</param>
/// <param name="Threads">Threads of the search.</param>
/// <param name="Seconds">Duration.</param>
/// <param name="SeedsPerSecond">Speed.</param>
/// <param name="Violation">Of the lowest seed that violates an invariant; null if none does.</param>
internal sealed record SimulateOutput(
    long First,
    long Seeds,
    long Tried,
    long Experiences,
    long Steps,
    long Crashes,
    string Order,
    int Threads,
    double? Seconds,
    double? SeedsPerSecond,
    ViolationOutput? Violation
) : OutputDocument;

/// <summary>A violated invariant.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Invariant">Name of the invariant.</param>
/// <param name="Sentence">The invariant.</param>
/// <param name="How">The observation.</param>
/// <param name="Reproduces">
/// Whether the repeated seed violates the same invariant; if not, the simulator is defective.
/// </param>
/// <param name="Command">The command that repeats the seed.</param>
/// <param name="Schedule">The whole schedule, line by line.</param>
internal sealed record ViolationOutput(
    long Seed,
    string Invariant,
    string Sentence,
    string How,
    bool Reproduces,
    string Command,
    IReadOnlyList<string> Schedule
);
