using System.Collections.Immutable;

namespace AiMe.Lab.Verification;

/// <summary>The result of verifying a store at a moment.</summary>
/// <param name="Runs">By id, in ordinal order.</param>
/// <param name="Instances">By run and instance, in ordinal order.</param>
/// <param name="Divergences">
/// At most one a stream for its events and one for each bad snapshot; then blobs, then model files.
/// </param>
/// <param name="Owners">
/// Processes that were writing meanwhile, as <c>process 12 on host</c>; the report then shows one moment.
/// </param>
public sealed record VerificationReport(
    ImmutableArray<RunCoverage> Runs,
    ImmutableArray<InstanceCoverage> Instances,
    ImmutableArray<Divergence> Divergences,
    VerificationCounts Counts,
    ImmutableArray<string> Foreign,
    ImmutableArray<string> Owners
)
{
    /// <summary>Whether nothing diverges.</summary>
    public bool Holds => Divergences.IsEmpty;
}

/// <summary>How much was checked.</summary>
/// <param name="Streams">Checked streams.</param>
/// <param name="Events">Checked events.</param>
/// <param name="Bytes">Bytes of payloads.</param>
/// <param name="InstanceAnchors">Compared heads in events of instances.</param>
/// <param name="RunAnchors">Compared heads in events of supervisors.</param>
/// <param name="Digests">Recomputed run digests.</param>
/// <param name="Snapshots">Snapshots that equal the state folded from the events.</param>
/// <param name="OtherSnapshots">
/// Snapshots of other builds, by manifest; only their place in the chain and their digest could be checked.
/// </param>
/// <param name="Blobs">Hashed blobs.</param>
/// <param name="BlobBytes">Hashed bytes of blobs.</param>
/// <param name="ModelFiles">Checked files of models.</param>
public sealed record VerificationCounts(
    int Streams,
    long Events,
    long Bytes,
    long InstanceAnchors,
    long RunAnchors,
    int Digests,
    long Snapshots,
    ImmutableSortedDictionary<string, int> OtherSnapshots,
    int Blobs,
    long BlobBytes,
    int ModelFiles
)
{
    /// <summary>Superseded checkpoints that <c>aime gc</c> removed, so that their weights could not be checked.</summary>
    public int RemovedCheckpoints { get; init; }
}
