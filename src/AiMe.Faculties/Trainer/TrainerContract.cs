using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;

namespace AiMe.Faculties.Trainer;

/// <summary>What the Trainer can be asked.</summary>
public abstract record TrainerCommand : Command;

/// <summary>From the Self: begin. Answered with generation 0.</summary>
public sealed record BeginTrainer(InstanceSpec Spec) : TrainerCommand;

/// <summary>From Memory: a round is over; this was kept.</summary>
public sealed record Seal(int Round, ImmutableArray<Example> Kept) : TrainerCommand;

/// <summary>
/// From the Self: a person wants this checkpoint to be the champion. Answered with the champion, whichever it then is.
/// </summary>
/// <param name="Id">Names the wish.</param>
public sealed record Appoint(string Id, ModelId Model, string By, string Why) : TrainerCommand;

/// <summary>From the world: the batch and its anchor examples are written.</summary>
/// <param name="Batch">SHA-256 of the kept examples' JSON Lines.</param>
/// <param name="Anchor">SHA-256 of the anchor examples', or null without any.</param>
public sealed record BatchWritten(int Round, ImmutableArray<MemoryId> Ids, string Batch, string? Anchor, int AnchorCount) : TrainerCommand;

/// <summary>From the world: a candidate model.</summary>
public sealed record ModelTrained(int Round, ModelId Candidate, TrainingFigures Figures) : TrainerCommand;

/// <summary>
/// From the world: the training failed (it diverged, the job failed), or its candidate could not be measured. The
/// champion stays.
/// </summary>
public sealed record TrainingFailed(int Round, string Error) : TrainerCommand;

/// <summary>From the world: what the gate goes by.</summary>
public sealed record ModelEvaluated(int Round, GateFigures Figures) : TrainerCommand;

/// <summary>From the lab: this is the Trainer of another instance from here on.</summary>
public sealed record ChangeTrainer(TrainerSettings Settings, Seed Seed) : TrainerCommand;

/// <summary>What happened to the Trainer.</summary>
public abstract record TrainerEvent : Event;

/// <summary>The Trainer began with the model of generation 0.</summary>
[Manifest("trainer.began")]
public sealed record TrainerBegan(TrainerSettings Settings, ModelId Base, Charter Charter, ProbeSet Probes, Seed Seed, Seed BlockSeed)
    : TrainerEvent;

/// <summary>
/// The instance branched off and is trained otherwise from here on. A training that was planned is done as it was
/// planned, by whoever trains now.
/// </summary>
[Manifest("trainer.changed")]
public sealed record TrainerChanged(TrainerSettings Settings, Seed Seed) : TrainerEvent;

/// <summary>A round's batch was sealed.</summary>
[Manifest("trainer.sealed")]
public sealed record Sealed(int Round, ImmutableArray<MemoryId> Kept, string Batch, string? Anchor, int AnchorCount) : TrainerEvent;

/// <summary>A training was planned.</summary>
[Manifest("trainer.planned")]
public sealed record Planned(TrainingPlan Plan) : TrainerEvent;

/// <summary>A round passed without training.</summary>
[Manifest("trainer.skipped")]
public sealed record Skipped(int Round, string Why) : TrainerEvent;

/// <summary>A candidate was trained.</summary>
[Manifest("trainer.trained")]
public sealed record Trained(int Round, ModelId Candidate, TrainingFigures Figures) : TrainerEvent;

/// <summary>A training failed; the champion stays.</summary>
[Manifest("trainer.failed")]
public sealed record Failed(int Round, string Error) : TrainerEvent;

/// <summary>The candidate passed the gate and is the champion now.</summary>
[Manifest("trainer.promoted")]
public sealed record Promoted(int Round, ModelId Candidate, GateFigures Figures) : TrainerEvent;

/// <summary>
/// A person made this checkpoint of the lineage, or its base, the champion: promoted or rolled back by hand, whatever
/// the gate had said.
/// </summary>
/// <param name="Id">Names the wish.</param>
/// <param name="Model">The champion from now on.</param>
/// <param name="Replaced">The champion before.</param>
[Manifest("trainer.appointed")]
public sealed record Appointed(string Id, ModelId Model, ModelId Replaced, string By, string Why) : TrainerEvent;

/// <summary>
/// Bounds of the gate that could not be checked, because this model tells no log-probabilities of given text. Stands
/// before the promotion.
/// </summary>
/// <param name="Bounds">One sentence a bound.</param>
[Manifest("trainer.unchecked")]
public sealed record GateUnchecked(int Round, ModelId Candidate, ImmutableArray<string> Bounds) : TrainerEvent;

/// <summary>The candidate failed the gate; the champion stays.</summary>
[Manifest("trainer.rolled-back")]
public sealed record RolledBack(int Round, ModelId Candidate, GateFigures Figures, ImmutableArray<string> Reasons) : TrainerEvent;

/// <summary>How a training is to be done: data, decided before it runs.</summary>
/// <param name="Parts">
/// SHA-256 of the JSON Lines that make up the training set, in order: batches, then anchors.
/// </param>
/// <param name="Start">The weights it starts from, and, where preferences are learned, is compared with.</param>
/// <param name="Method">Null for all weights, and then it is not written.</param>
public sealed record TrainingPlan(
    int Round,
    ImmutableArray<string> Parts,
    ModelId Start,
    int Epochs,
    double LearningRate,
    Seed Seed,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] TrainingMethod? Method = null
);

/// <summary>What a training was.</summary>
/// <param name="Examples">Examples, or pairs where preferences are learned.</param>
/// <param name="Tokens">Seen, all epochs together; <see cref="NotTold"/> where a trainer outside does not say.</param>
/// <param name="Steps">Of the optimiser; <see cref="NotTold"/> where a trainer outside does not say.</param>
/// <param name="FirstLoss">
/// Mean loss of the first tenth of the steps: cross-entropy, nats per token, or of preferences nats per pair; NaN where
/// it is not told.
/// </param>
/// <param name="LastLoss">Of the last tenth.</param>
/// <param name="OfPairs">Whether preferences were learned; not written where they were not.</param>
public sealed record TrainingFigures(
    int Examples,
    long Tokens,
    int Steps,
    double FirstLoss,
    double LastLoss,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool OfPairs = false
)
{
    /// <summary>What stands where a count is not known: no count is negative.</summary>
    public const int NotTold = -1;
}

/// <summary>What the gate goes by.</summary>
/// <param name="HeldOutBase">Cross-entropy of generation 0 on the held-out set, nats per token.</param>
/// <param name="HeldOut">Of the candidate.</param>
/// <param name="Drift">Bare identity drift of the candidate from generation 0, bits in [0, 1].</param>
/// <param name="AnchorBase">Cross-entropy of generation 0 on anchor examples, nats per token.</param>
/// <param name="Anchor">Of the candidate.</param>
/// <param name="Repeats">Rate of repeated 4-grams in the candidate's own samples, [0, 1].</param>
public sealed record GateFigures(double HeldOutBase, double HeldOut, double Drift, double AnchorBase, double Anchor, double Repeats);

/// <summary>What the Trainer knows.</summary>
/// <param name="Champion">The model that speaks.</param>
/// <param name="Batches">Sealed rounds, oldest first.</param>
/// <param name="Generation">The generation last told to the Self; -1 before it began.</param>
/// <param name="Checkpoints">Every candidate that was trained, whatever became of it, oldest first.</param>
/// <param name="Appointments">Wishes for a champion that were fulfilled.</param>
public sealed record TrainerState(
    TrainerBegan? Began,
    ModelId Champion,
    ImmutableList<Sealed> Batches,
    int Generation,
    TrainerPhase Duty,
    ImmutableList<ModelId> Checkpoints,
    ImmutableList<string> Appointments
);

/// <summary>What the Trainer owes.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(Waiting), "waiting")]
[JsonDerivedType(typeof(Training), "training")]
[JsonDerivedType(typeof(Preparing), "preparing")]
[JsonDerivedType(typeof(Submitting), "submitting")]
[JsonDerivedType(typeof(Seeking), "seeking")]
[JsonDerivedType(typeof(Awaiting), "awaiting")]
[JsonDerivedType(typeof(Evaluating), "evaluating")]
[JsonDerivedType(typeof(Reported), "reported")]
public abstract record TrainerPhase
{
    private TrainerPhase() { }

    /// <summary>Nothing yet, or a batch sealed whose plan follows in the same breath.</summary>
    public sealed record Waiting : TrainerPhase;

    /// <summary>A plan is to be carried out in the process.</summary>
    public sealed record Training(TrainingPlan Plan) : TrainerPhase;

    /// <summary>
    /// What an external job is to learn from is brought to its trainer: that makes no job, and may be repeated.
    /// </summary>
    public sealed record Preparing(JobProgress Job) : TrainerPhase;

    /// <summary>The job is being submitted. Whoever comes to this again looks for it, and does not submit it.</summary>
    public sealed record Submitting(JobProgress Job) : TrainerPhase;

    /// <summary>The job is looked for: whether it was made is not known.</summary>
    public sealed record Seeking(JobProgress Job) : TrainerPhase;

    /// <summary>The job is under way.</summary>
    public sealed record Awaiting(JobProgress Job) : TrainerPhase;

    /// <summary>A candidate is to be measured.</summary>
    /// <param name="Failures">
    /// Of measuring it, in a row: a model that was paid for is not given up because a server is busy.
    /// </param>
    public sealed record Evaluating(int Round, ModelId Candidate, int Failures = 0, bool Unchecked = false) : TrainerPhase;

    /// <summary>The Self is told the generation.</summary>
    public sealed record Reported(RoundOutcome Outcome) : TrainerPhase;
}
