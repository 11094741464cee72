using AiMe.Faculties;
using AiMe.Lab.Runs.Talk;

namespace AiMe.Console.Output.Documents;

/// <summary>An input of an instance and its result. Without an answer, the members of the answer are null.</summary>
/// <param name="Run">Id of the run.</param>
/// <param name="Instance">Name of the instance.</param>
/// <param name="Cycle">From 1.</param>
/// <param name="First">Index of its first event in the instance.</param>
/// <param name="Last">Index of its last event; a round's end belongs to it.</param>
/// <param name="Input">The text.</param>
/// <param name="Output">The answer.</param>
/// <param name="Reflection">The reflection on the answer.</param>
/// <param name="Alignment">Fit with the charter, in [0, 1]; .5 is typical of generation 0.</param>
/// <param name="Quality">Fluency, in [0, 1]; .5 is typical of generation 0.</param>
/// <param name="Importance">1 to 10.</param>
/// <param name="Novelty">1 - cosine to the nearest earlier answer, in [0, 2].</param>
/// <param name="Verdict">The Curator's verdict.</param>
/// <param name="Reasons">Of the verdict.</param>
/// <param name="Recalled">Ids of the recalled memories.</param>
/// <param name="NotAnswered">Why there is no answer, or null.</param>
/// <param name="Failures">Failed attempts, in words.</param>
internal sealed record ExchangeOutput(
    string Run,
    string Instance,
    int Cycle,
    long First,
    long Last,
    string Input,
    string? Output,
    string? Reflection,
    double? Alignment,
    double? Quality,
    double? Importance,
    double? Novelty,
    Verdict? Verdict,
    IReadOnlyList<string> Reasons,
    IReadOnlyList<string> Recalled,
    string? NotAnswered,
    IReadOnlyList<string> Failures
) : OutputDocument
{
    public static ExchangeOutput Of(string run, Exchange e) =>
        new(
            run,
            e.Instance,
            e.Cycle,
            e.First,
            e.Last,
            e.Stimulus.Text,
            e.Stored?.Output,
            e.Stored?.Reflection,
            e.Stored?.Scores.Alignment,
            e.Stored?.Scores.Quality,
            e.Stored?.Importance,
            e.Stored?.Novelty,
            e.Stored?.Verdict,
            e.Stored?.Reasons ?? [],
            [.. e.Recalled.Select(r => r.Id.Value)],
            e.NotAnswered,
            e.Failures
        );
}
