using AiMe.Faculties.Supervisor;

namespace AiMe.Console.Output.Documents;

/// <summary>What came of another try of a parked instance.</summary>
/// <param name="Run">Id of the run.</param>
/// <param name="Instance">Name of the instance.</param>
/// <param name="State">Living if the session was interrupted.</param>
/// <param name="Cycle">The last cycle.</param>
/// <param name="Generation">The last generation reached; -1 before generation 0.</param>
/// <param name="Reason">Why it is parked, or null.</param>
internal sealed record RetryOutput(string Run, string Instance, InstanceState State, int Cycle, int Generation, string? Reason)
    : OutputDocument;
