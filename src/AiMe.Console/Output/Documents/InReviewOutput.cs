using AiMe.Lab.History;

namespace AiMe.Console.Output.Documents;

/// <summary>A run that waits for people's verdicts on held experiences, and for nothing else.</summary>
/// <param name="Run">Id of the run.</param>
/// <param name="Digest">Null: the run has not ended.</param>
/// <param name="State"><c>in-review</c>.</param>
/// <param name="OpenReviews">Held experiences without a verdict.</param>
internal sealed record InReviewOutput(string Run, string? Digest, RunState State, int OpenReviews) : OutputDocument;
