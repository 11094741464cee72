using AiMe.Lab.Analysis.Predictions;
using AiMe.Lab.Analysis.Replications;

namespace AiMe.Console.Output.Documents;

/// <summary>Replications of published results.</summary>
/// <param name="Replications">In the order of the command.</param>
internal sealed record ReplicateOutput(IReadOnlyList<ReplicationOutput> Replications) : OutputDocument
{
    public static ReplicateOutput Of(IReadOnlyList<ReplicationOutcome> outcomes) => new([.. outcomes.Select(ReplicationOutput.From)]);
}

/// <summary>A replication.</summary>
/// <param name="Name">The experiment's name.</param>
/// <param name="Claim">The published result, in a sentence.</param>
/// <param name="Source">Where it was published.</param>
/// <param name="Verdict">The verdict on which all seeds agree; inconclusive if they do not, null for a look.</param>
/// <param name="Quick">Whether it is not the full form on the two seeds of the file, so that it decides nothing.</param>
/// <param name="Runs">One for each seed.</param>
internal sealed record ReplicationOutput(
    string Name,
    string Claim,
    string Source,
    PredictionVerdict? Verdict,
    bool Quick,
    IReadOnlyList<ReplicationRunOutput> Runs
)
{
    public static ReplicationOutput From(ReplicationOutcome o) =>
        new(o.Name, o.About.Claim, o.About.Source, o.IsQuick ? null : o.Verdict, o.IsQuick, [.. o.Runs.Select(ReplicationRunOutput.From)]);
}

/// <summary>A replication on one seed.</summary>
/// <param name="Seed">Seed of the run.</param>
/// <param name="Run">Id of the run.</param>
/// <param name="Digest">Digest of the run.</param>
/// <param name="Verdict">What it says of all primary predictions together.</param>
/// <param name="Predictions">The predictions, a step of each generation once for each.</param>
internal sealed record ReplicationRunOutput(
    long Seed,
    string Run,
    string Digest,
    PredictionVerdict Verdict,
    IReadOnlyList<PredictionOutput> Predictions
)
{
    public static ReplicationRunOutput From(ReplicationRun r) =>
        new(r.Seed, r.Run, r.Digest, r.Verdict, [.. r.Predictions.Select(PredictionOutput.Of)]);
}

/// <summary>The shipped replications.</summary>
/// <param name="Replications">In the order of their names.</param>
internal sealed record ReplicationListOutput(IReadOnlyList<ListedReplication> Replications) : OutputDocument;

/// <summary>A shipped replication.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Claim">The published result, in a sentence.</param>
/// <param name="Source">Where it was published.</param>
internal sealed record ListedReplication(string Name, string Claim, string Source);
