using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.Experiments;

/// <summary>An experiment with every default, every <c>--set</c> and every referenced file resolved.</summary>
/// <param name="Source">The file that it was read from; not part of the experiment's identity.</param>
/// <param name="Name">Lower-case letters, digits and hyphens, at most 40.</param>
/// <param name="Replicates">Instances of each variant with all charters, 1 or more.</param>
/// <param name="Epoch">Logical time of cycle 0, UTC.</param>
/// <param name="Every">Closed experiences in a round, drives included.</param>
/// <param name="Charter">The first, if there are several.</param>
/// <param name="Stimuli">The external stimuli that every instance receives.</param>
/// <param name="InternalEvery">Number of external stimuli between two internal drives; 0 for no drives.</param>
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
    /// <summary>
    /// Path of the charter, from which the corpus fills its slots; not part of the experiment's identity.
    /// </summary>
    public required string CharterFile { get; init; }

    /// <summary>
    /// The charter as the text of a charter file, if no file has it as it is; else null. Not part of the experiment's identity.
    /// </summary>
    public string? CharterText { get; init; }

    /// <summary>The charters of the instances, if there are several; else empty.</summary>
    public ImmutableArray<ExperimentCharter> Charters { get; init; } = [];

    /// <summary>Path of the probes; not part of the experiment's identity.</summary>
    public string ProbesFile { get; init; } = "";

    /// <summary>Stimuli in the file, used or not; not part of the experiment's identity.</summary>
    public int StimuliInFile { get; init; }

    /// <summary>
    /// Budget of a run; null if the file gives none, in which case a run that has a budget keeps it. Not part of the
    /// experiment's identity.
    /// </summary>
    public Budget? Budget { get; init; }

    /// <summary>
    /// The settings of the matrix, of whose values the first variants are the product; empty without a matrix. Not part of
    /// the experiment's identity, which the variants are.
    /// </summary>
    public ImmutableArray<string> Axes { get; init; } = [];

    /// <summary>See <see cref="Faculties.LoopVersion"/>; null for the first, as in the plan.</summary>
    public int? LoopVersion { get; init; }

    /// <summary>What is tested; null if nothing is declared.</summary>
    public AnalysisPlan? Analysis { get; init; }

    /// <summary>Treatments that begin in mid-run; empty for none.</summary>
    public ImmutableArray<ScheduledIntervention> Interventions { get; init; } = [];

    /// <summary>Every policy that an instance may have: those of the variants, then the scheduled ones.</summary>
    public IEnumerable<ImmutableArray<Rule>> Policies => Plan("", default, origin: null).Policies;

    /// <summary>The published result that it replicates; null if it replicates none. Not part of the experiment's identity.</summary>
    public Replication? Replication { get; init; }

    /// <summary>How the base model is fine-tuned into generation 0; null if it is generation 0 itself.</summary>
    public IdentityTuning? Identity { get; init; }

    /// <summary>The exchanges of <see cref="Identity"/>, whose digest is part of the experiment's identity; else empty.</summary>
    public ReadOnlyMemory<byte> IdentityData { get; init; }

    /// <summary>The vector store in which memories are found; null for the embedded index.</summary>
    public IndexPlan? Index { get; init; }

    /// <summary>SHA-256 of the canonical form, 64 hexadecimal digits.</summary>
    /// <remarks>Moving a file does not change it; changing a value does.</remarks>
    public string Digest => Canonical.Digest(this);

    /// <summary>The name and the digest's first 8 digits, such as <c>quickstart-1f0c6a2e</c>.</summary>
    public string RunId => $"{Name}-{Digest[..8]}";

    /// <summary>The size of a run.</summary>
    public RunSize Size => RunSize.Of(this);

    /// <summary>The models of generation 0, each once: the experiment's own first.</summary>
    public ImmutableArray<BaseModel> Models => [.. Variants.Select(ModelOf).Prepend(Model).Distinct()];

    /// <summary>The model of generation 0 of a variant.</summary>
    public BaseModel ModelOf(VariantPlan variant) =>
        variant.Model is { } own && Model is NanoModel nano
            ? nano with
            {
                Preset = own.Preset,
                Records = own.Records,
                Seed = own.Seed,
                Epochs = own.Epochs,
            }
            : Model;

    /// <summary>
    /// The same experiment with one charter alone, for each of its charters; the experiment itself if it has one charter.
    /// </summary>
    public IEnumerable<Experiment> ByCharter =>
        Charters.IsEmpty
            ? [this]
            : Charters.Select(c =>
                this with
                {
                    Charter = c.Charter,
                    CharterFile = c.Source,
                    CharterText = Populations.CharterText.Of(c.Charter),
                    Charters = [],
                    Identity = c.Identity,
                    IdentityData = c.IdentityData,
                }
            );

    /// <summary>The plan that the supervisor starts.</summary>
    /// <param name="start">The model of generation 0.</param>
    /// <param name="origin">How that model is made.</param>
    public RunPlan Plan(ModelId start, ModelOrigin? origin) => Plan(RunId, start, origin);

    /// <summary>The same under another id: the id follows from the digest, and the digest from the plan.</summary>
    internal RunPlan Plan(string run, ModelId start, ModelOrigin? origin) =>
        new(
            run,
            Seed,
            Epoch,
            Tick,
            Every,
            start,
            Charter,
            Probes,
            Stimuli,
            InternalEvery,
            Replicates,
            Variants,
            origin,
            LoopVersion,
            Analysis,
            Charters.IsEmpty ? null : [.. Charters.Select(c => new CharterPlan(c.Charter, Identity: c.Identity))],
            Interventions.IsEmpty ? default : Interventions,
            Index
        );
}
