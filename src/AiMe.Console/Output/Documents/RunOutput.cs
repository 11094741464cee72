using System.Text.Json.Serialization;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.History;
using AiMe.Lab.Runs;

namespace AiMe.Console.Output.Documents;

/// <summary>The summary of a run.</summary>
/// <param name="Run">Id of the run.</param>
/// <param name="Digest">Digest of the run; null while other shards are not complete.</param>
/// <param name="Shard">The shard that was run, such as <c>2/3</c>; absent without <c>--shard</c>.</param>
/// <param name="ShardDigest">Digest of the shard; absent without <c>--shard</c>.</param>
/// <param name="Instances">Instances of the run.</param>
/// <param name="Experiences">Stored experiences of all instances.</param>
/// <param name="Generations">Generations of all instances, without generation 0.</param>
/// <param name="Seconds">Duration of this session; 0 if the run had ended before.</param>
/// <param name="ExperiencesPerSecond">Of this session.</param>
/// <param name="Tokens">Tokens sampled in answers, and seen in training.</param>
/// <param name="Calls">Calls to the model and the trainer by kind.</param>
/// <param name="LeftOut">Optional parameters that the model's server refused.</param>
/// <param name="IndexFailures">Searches of memories that the vector store did not answer; absent if it answered all.</param>
/// <param name="SpentTokens">Reported tokens of a hosted model; absent with the embedded model.</param>
/// <param name="SpentUsd">Reported US dollars; absent with the embedded model.</param>
internal sealed record RunOutput(
    string Run,
    string? Digest,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Shard,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ShardDigest,
    int Instances,
    int Experiences,
    int Generations,
    double Seconds,
    double ExperiencesPerSecond,
    long Tokens,
    IReadOnlyList<CallOutput> Calls,
    IReadOnlyList<LeftOutOutput> LeftOut,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<IndexFailureOutput>? IndexFailures,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? SpentTokens,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] decimal? SpentUsd
) : OutputDocument
{
    public static RunOutput Of(RunOutcome outcome, Shard? shard, RunRecord record)
    {
        var spent = record.Plan.Origin is ModelOrigin.Hosted ? record.Run.Ledger.Spent : (Cost?)null;
        return new(
            outcome.Run,
            shard is null ? outcome.Digest : record.Run.Digest,
            shard?.ToString(),
            shard is null ? null : outcome.Digest,
            record.Instances.Length,
            record.Experiences,
            record.Generations,
            Math.Round(outcome.Took.TotalSeconds, 3),
            outcome.Experiences == 0 ? 0 : Math.Round(outcome.Experiences / outcome.Took.TotalSeconds, 3),
            record.Tokens,
            CallOutput.Of(record.Calls),
            LeftOutOutput.Of(record.Run.LeftOut),
            IndexFailureOutput.Of(record.Plan, record.Run.IndexFailures),
            spent?.Tokens,
            spent?.Usd
        );
    }
}
