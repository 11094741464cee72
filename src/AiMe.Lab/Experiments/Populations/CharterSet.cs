using System.Collections.Immutable;
using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.Experiments.Populations;

/// <summary>The charters that an experiment names.</summary>
/// <param name="File">The file of the first, for messages of the corpus.</param>
/// <param name="Members">In their order, at least one.</param>
/// <param name="ByVariant">Whether each variant names one of them; if not, each has its part of the replicates.</param>
internal sealed record CharterSet(string File, ImmutableArray<ExperimentCharter> Members, bool ByVariant)
{
    /// <summary>Whether there are several.</summary>
    public bool HasSeveral => Members.Length > 1;

    /// <summary>The first as the text of a charter file, if there are several; null for the text of its file.</summary>
    public string? Text => HasSeveral ? CharterText.Of(Members[0].Charter) : null;

    /// <summary>The charters with their fine-tuning, if there are several; else empty.</summary>
    /// <param name="identities">One for each charter; empty for none.</param>
    public ImmutableArray<ExperimentCharter> Several(ImmutableArray<(IdentityTuning Tuning, ReadOnlyMemory<byte> Data)> identities) =>
        !HasSeveral ? []
        : identities.Length != Members.Length ? Members
        : [.. Members.Zip(identities, (m, i) => m with { Identity = i.Tuning, IdentityData = i.Data })];

    /// <summary>Replicates of each variant in all.</summary>
    /// <param name="replicates">Those of one charter.</param>
    public int ReplicatesOf(int replicates) => ByVariant ? replicates : replicates * Members.Length;
}
