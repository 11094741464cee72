using System.Collections.Immutable;
using System.Globalization;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Predictions;
using AiMe.Lab.Experiments;

namespace AiMe.Lab.Analysis.Replications;

/// <summary>What became of a replication.</summary>
/// <param name="Name">The experiment's name.</param>
/// <param name="About">The published result.</param>
/// <param name="Runs">One for each seed, in their order.</param>
/// <param name="IsQuick">Whether the runs are the quick form, which decides nothing.</param>
public sealed record ReplicationOutcome(string Name, Replication About, ImmutableArray<ReplicationRun> Runs, bool IsQuick)
{
    /// <summary>The verdict on which all seeds agree; inconclusive if they do not.</summary>
    public PredictionVerdict Verdict =>
        Runs.Select(r => r.Verdict).Distinct().ToArray() is [var only] ? only : PredictionVerdict.Inconclusive;

    /// <summary>Whether two seeds differ, so that the verdict is inconclusive for that reason.</summary>
    public bool Disagrees => Runs.Select(r => r.Verdict).Distinct().Count() > 1;

    /// <summary>What each seed says, such as <c>seed 1001: inconclusive; seed 2002: reproduced</c>.</summary>
    public string BySeed =>
        string.Join("; ", Runs.Select(r => string.Create(CultureInfo.InvariantCulture, $"seed {r.Seed}: {PredictionWords.Of(r.Verdict)}")));
}

/// <summary>A replication on one seed.</summary>
/// <param name="Seed">Seed of the run.</param>
/// <param name="Run">Id of the run.</param>
/// <param name="Digest">Digest of the run.</param>
/// <param name="Instances">Number of instances.</param>
/// <param name="Experiences">Number of experiences.</param>
/// <param name="Replicates">Instances of each variant.</param>
/// <param name="Predictions">The predictions with their intervals, in the order of the file.</param>
public sealed record ReplicationRun(
    long Seed,
    string Run,
    string Digest,
    int Instances,
    int Experiences,
    int Replicates,
    ImmutableArray<PredictionResult> Predictions
)
{
    /// <summary>What the run says of all primary predictions together.</summary>
    public PredictionVerdict Verdict => PredictionResult.Together(Predictions);

    /// <summary>The outcome of an ended run.</summary>
    /// <exception cref="ArgumentException">The run has not ended.</exception>
    public static ReplicationRun Of(RunComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        return new(
            (long)comparison.Plan.Seed.Value,
            comparison.Plan.Run,
            comparison.Digest ?? throw new ArgumentException($"The run {comparison.Plan.Run} has not ended."),
            comparison.Instances.Length,
            comparison.Experiences,
            comparison.Plan.Replicates,
            comparison.Predictions
        );
    }
}
