namespace AiMe.Console.Output.Documents;

/// <summary>With <c>--no-wait</c>: an input in the inbox of a run.</summary>
/// <param name="Run">Id of the run.</param>
/// <param name="Instance">Name of the instance.</param>
/// <param name="Arrival">Id of the input in the journal.</param>
internal sealed record SubmittedOutput(string Run, string Instance, string Arrival) : OutputDocument;
