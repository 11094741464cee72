using AiMe.Lab.Runs.Reviews;

namespace AiMe.Console.Output.Documents;

/// <summary>An experience that is held for people. Scores, verdicts of rules and what people answered are left out.</summary>
/// <param name="Run">Id of the run.</param>
/// <param name="Instance">Name of the instance.</param>
/// <param name="Variant">Its variant.</param>
/// <param name="Replicate">Its replicate.</param>
/// <param name="Id">Instance and experience, such as <c>inward-1/e12</c>, as <c>review --from</c> takes it.</param>
/// <param name="Experience">Id of the experience in its instance, such as <c>e12</c>.</param>
/// <param name="Round">Its round.</param>
/// <param name="Topic">Topic of the stimulus.</param>
/// <param name="Input">The stimulus.</param>
/// <param name="Output">The answer.</param>
/// <param name="Reflection">The reflection; empty if there is none.</param>
/// <param name="Recalled">Ids of the memories in the prompt.</param>
/// <param name="Reviewers">Answers that a verdict needs.</param>
/// <param name="Answers">Answers so far.</param>
/// <param name="Tie">Whether enough have answered, as many to keep as to reject.</param>
/// <param name="Awaited">Whether its round is complete and waits for its verdict.</param>
internal sealed record HeldOutput(
    string Run,
    string Instance,
    string Variant,
    int Replicate,
    string Id,
    string Experience,
    int Round,
    string Topic,
    string Input,
    string Output,
    string Reflection,
    IReadOnlyList<string> Recalled,
    int Reviewers,
    int Answers,
    bool Tie,
    bool Awaited
) : OutputDocument
{
    public static HeldOutput Of(string run, HeldExperience item) =>
        new(
            run,
            item.Instance,
            item.Variant,
            item.Replicate,
            item.Name,
            item.Id.Value,
            item.Stored.Round,
            item.Stored.Topic,
            item.Stored.Input,
            item.Stored.Output,
            item.Stored.Reflection,
            [.. item.Stored.Recalled.Select(r => r.Value)],
            item.Terms.Reviewers,
            item.Answers.Length,
            item.IsTie,
            item.IsAwaited
        );
}
