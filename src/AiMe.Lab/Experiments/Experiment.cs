using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.Experiments;

/// <summary>An experiment with everything resolved: every default, every <c>--set</c>, every file it names.</summary>
/// <param name="Source">The file that it came from. Not part of what the experiment is.</param>
/// <param name="Name">Small letters, digits and hyphens, at most 40.</param>
/// <param name="Replicates">Instances of each variant, 1 or more.</param>
/// <param name="Epoch">Logical time of cycle 0, UTC.</param>
/// <param name="Every">Closed experiences in a round, drives included.</param>
/// <param name="Stimuli">The external stimuli that every instance meets.</param>
/// <param name="InternalEvery">After so many external stimuli one internal drive; 0 for none.</param>
/// <param name="Variants">In the order of the file, at least one.</param>
public sealed record Experiment(
    string Source,
    string Name,
    Seed Seed,
    int Replicates,
    DateTime Epoch,
    TimeSpan Tick,
    int Every,
    BaseModel Model,
    Charter Charter,
    ProbeSet Probes,
    ImmutableArray<Stimulus> Stimuli,
    int InternalEvery,
    ImmutableArray<VariantPlan> Variants
)
{
    /// <summary>The charter's file, from which the corpus fills its slots. Not part of what the experiment is.</summary>
    public required string CharterFile { get; init; }

    /// <summary>
    /// What a run of it may cost; null where it says nothing, and a run that has a budget keeps it. Not part of what the
    /// experiment is.
    /// </summary>
    public Budget? Budget { get; init; }

    /// <summary>
    /// SHA-256 over the canonical form, 64 hexadecimal digits. A moved file is the same experiment; another value is
    /// another.
    /// </summary>
    public string Digest => Canonical.Digest(this);

    /// <summary>The name and the digest's first 8 digits, such as <c>quickstart-1f0c6a2e</c>.</summary>
    public string RunId => $"{Name}-{Digest[..8]}";

    /// <summary>What a run of it comes to.</summary>
    public RunSize Matrix => RunSize.Of(this);

    /// <summary>The run, as the supervisor takes it up.</summary>
    /// <param name="start">The model of generation 0.</param>
    /// <param name="origin">Where it comes from.</param>
    public RunPlan Plan(ModelId start, ModelOrigin? origin) =>
        new(RunId, Seed, Epoch, Tick, Every, start, Charter, Probes, Stimuli, InternalEvery, Replicates, Variants, origin);
}
