using System.Collections.Immutable;

namespace AiMe.Lab.Verification;

/// <summary>What was checked in a store at a moment, and what was found.</summary>
/// <param name="Runs">By id, in ordinal order.</param>
/// <param name="Instances">By run and instance, in ordinal order.</param>
/// <param name="Divergences">At most one a stream for its events and one for each bad snapshot; then blobs, then model files.</param>
/// <param name="Owners">Processes that write while this was read, as <c>process 12 on host</c>; then it is a moment's view.</param>
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
/// <param name="Bytes">Of payloads.</param>
/// <param name="InstanceAnchors">Heads carried by events of lives, compared.</param>
/// <param name="RunAnchors">Heads carried by events of supervisors, compared.</param>
/// <param name="Digests">Run digests, recomputed.</param>
/// <param name="Snapshots">Equal to the state folded from the events.</param>
/// <param name="OtherSnapshots">
/// By manifest: of another build's form; only their place in the chain and their digest could be checked.
/// </param>
/// <param name="BlobBytes">Of blobs, hashed.</param>
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
);
