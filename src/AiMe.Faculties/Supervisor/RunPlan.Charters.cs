using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace AiMe.Faculties.Supervisor;

public sealed partial record RunPlan
{
    /// <summary>Whether the instances have several charters.</summary>
    [JsonIgnore]
    public bool HasCharters => Charters is not null;

    /// <summary>Whether each variant has a charter of its own; if not, each charter has its part of the replicates.</summary>
    [JsonIgnore]
    public bool HasCharterByVariant => Variants.Any(v => v.Charter is not null);

    /// <summary>Replicates of one charter: all, unless several charters share them.</summary>
    [JsonIgnore]
    public int ReplicatesOfCharter => Charters is { } several && !HasCharterByVariant ? Replicates / several.Length : Replicates;

    /// <summary>
    /// The units over which variants are compared: the replicates, or the charters that share them, each the mean of its replicates.
    /// </summary>
    [JsonIgnore]
    public AnalysisUnits Units =>
        Charters is { } several && !HasCharterByVariant
            ? new(several.Length, ReplicatesOfCharter, AreCharters: true)
            : new(Replicates, PerUnit: 1, AreCharters: false);

    /// <summary>Index of an instance's charter in <see cref="Charters"/>; 0 if there is one charter.</summary>
    public int CharterIndexOf(VariantPlan variant, int replicate) =>
        Charters is not { } several ? 0
        : variant.Charter is { } own ? several.IndexOf(several.First(c => c.Charter.Name == own))
        : (replicate - 1) / ReplicatesOfCharter;

    /// <summary>The charter of an instance.</summary>
    public Charter CharterOf(VariantPlan variant, int replicate) =>
        Charters is { } several ? several[CharterIndexOf(variant, replicate)].Charter : Charter;

    /// <summary>The charter of an instance of a variant of this name.</summary>
    public Charter CharterOf(string variant, int replicate) => CharterOf(Variants.First(v => v.Name == variant), replicate);

    /// <summary>The model of generation 0 of an instance of a variant of this name.</summary>
    public ModelId BaseOf(string variant, int replicate) => BaseOf(Variants.First(v => v.Name == variant), replicate);

    /// <summary>All charters, in their order.</summary>
    [JsonIgnore]
    public ImmutableArray<Charter> AllCharters => Charters is { } several ? [.. several.Select(c => c.Charter)] : [Charter];

    /// <summary>The model of generation 0 of an instance.</summary>
    public ModelId BaseOf(VariantPlan variant, int replicate) =>
        (Charters is { } several ? several[CharterIndexOf(variant, replicate)].Base : null) ?? BaseOf(variant);

    /// <summary>The same run with one of its charters alone, and that charter's model of generation 0.</summary>
    /// <param name="index">From 0.</param>
    public RunPlan WithCharter(int index) =>
        Charters is not { } several
            ? this
            : this with
            {
                Charter = several[index].Charter,
                Base = several[index].Base ?? Base,
                Origin = Origin is null ? null : Origin with { Identity = several[index].Identity },
                Charters = null,
            };

    /// <summary>One plan for each charter, see <see cref="WithCharter"/>; the plan itself if there is one charter.</summary>
    [JsonIgnore]
    public IEnumerable<RunPlan> ByCharter => Enumerable.Range(0, Charters?.Length ?? 1).Select(WithCharter);

    private ImmutableArray<(ModelId Own, ModelId Other)> CharterBases(RunPlan other) =>
        Charters is { } own && other.Charters is { } others ? [.. own.Zip(others, (a, b) => (a.Base ?? Base, b.Base ?? other.Base))] : [];
}
