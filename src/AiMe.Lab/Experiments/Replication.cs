using System.Collections.Immutable;

namespace AiMe.Lab.Experiments;

/// <summary>The published result that an experiment replicates. It is not part of the experiment's identity.</summary>
/// <param name="Claim">The result, in a sentence.</param>
/// <param name="Source">Where it was published.</param>
/// <param name="Differs">How the experiment differs from the published one; empty if nothing is said.</param>
/// <param name="DevelopedOn">Seeds on which predictions and sizes were chosen.</param>
/// <param name="Seeds">Seeds of the verdict and of its confirmation: two, none of them in <paramref name="DevelopedOn"/>.</param>
/// <param name="Quick">Settings of a quick run, <c>replicates=4</c>; empty if it has no quick form.</param>
/// <param name="Tried">What was tried where the result does not come out, in sentences.</param>
public sealed record Replication(
    string Claim,
    string Source,
    string Differs,
    ImmutableArray<long> DevelopedOn,
    ImmutableArray<long> Seeds,
    ImmutableArray<string> Quick,
    ImmutableArray<string> Tried
);
