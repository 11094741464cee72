using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;
using AiMe.Faculties.Curation;

namespace AiMe.Faculties.Supervisor;

/// <summary>A run as it was planned: variants x replicates over the same stimuli.</summary>
/// <param name="Run">Run id: the experiment's name and a short hash of its resolved form.</param>
/// <param name="Epoch">Logical time of cycle 0, UTC; cycle c is lived at epoch + c x tick.</param>
/// <param name="Every">Closed experiences in a round, drives included.</param>
/// <param name="Base">The model of generation 0.</param>
/// <param name="Stimuli">External stimuli; each block meets all of them, in an order of its own.</param>
/// <param name="InternalEvery">After so many external stimuli one internal drive; 0 for none.</param>
/// <param name="Replicates">Instances of each variant, 1 or more.</param>
/// <param name="Origin">
/// Where <paramref name="Base"/> comes from; null in runs that were planned before this was recorded.
/// </param>
public sealed record RunPlan(
    string Run,
    Seed Seed,
    DateTime Epoch,
    TimeSpan Tick,
    int Every,
    ModelId Base,
    Charter Charter,
    ProbeSet Probes,
    ImmutableArray<Stimulus> Stimuli,
    int InternalEvery,
    int Replicates,
    ImmutableArray<VariantPlan> Variants,
    ModelOrigin? Origin
)
{
    /// <summary>Cycles that every instance lives: stimuli and drives.</summary>
    [JsonIgnore]
    public int Cycles => Stimuli.Length + (InternalEvery == 0 ? 0 : Stimuli.Length / InternalEvery);

    /// <summary>Rounds that every instance completes.</summary>
    [JsonIgnore]
    public int Rounds => Cycles / Every;

    /// <summary>The planned instances: replicate by replicate, in each the variants in the order of the file.</summary>
    [JsonIgnore]
    public IEnumerable<(VariantPlan Variant, int Replicate)> Instances =>
        Enumerable.Range(1, Replicates).SelectMany(_ => Variants, (replicate, variant) => (variant, replicate));

    /// <summary>The name of an instance.</summary>
    public static string NameOf(VariantPlan variant, int replicate) => $"{variant.Name}-{replicate}";

    /// <summary>What an instance is born with.</summary>
    public InstanceSpec Spec(VariantPlan variant, int replicate) =>
        new(
            NameOf(variant, replicate),
            variant.Name,
            replicate,
            BlockSeed(replicate),
            BlockSeed(replicate).Derive("instance", variant.Name),
            Epoch,
            Tick,
            Every,
            Base,
            Charter,
            Probes,
            variant.Self,
            variant.Memory,
            variant.Reflector,
            variant.Curate,
            variant.Trainer
        );

    /// <summary>The seed that all variants of a replicate share.</summary>
    public Seed BlockSeed(int replicate) => Seed.Derive("block", replicate);

    /// <summary>
    /// The order in which a block meets the stimuli: shape (stimuli), a permutation of their indices.
    /// </summary>
    public ImmutableArray<int> OrderOf(int replicate)
    {
        var seed = BlockSeed(replicate);
        return [.. Enumerable.Range(0, Stimuli.Length).OrderBy(i => seed.Derive("order", i).Value).ThenBy(i => i)];
    }

    /// <summary>
    /// Which external stimulus a cycle brings, as an index into a block's order, or null for an internal turn.
    /// </summary>
    /// <param name="cycle">1 to <see cref="Cycles"/>.</param>
    public int? ExternalAt(int cycle)
    {
        if (InternalEvery == 0)
            return cycle - 1;
        var beat = InternalEvery + 1;
        return cycle % beat == 0 ? null : cycle - 1 - cycle / beat;
    }
}

/// <summary>A named configuration in an experiment.</summary>
public sealed record VariantPlan(
    string Name,
    SelfSettings Self,
    MemorySettings Memory,
    ReflectorSettings Reflector,
    ImmutableArray<Rule> Curate,
    TrainerSettings Trainer
);
