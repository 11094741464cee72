using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;

namespace AiMe.Faculties.Trainer;

/// <summary>Commands of the Trainer.</summary>
public abstract record TrainerCommand : Command;

/// <summary>From the Self: begin. Answered with generation 0.</summary>
public sealed record BeginTrainer(InstanceSpec Spec) : TrainerCommand;

/// <summary>From Memory: a round has ended with these kept experiences.</summary>
public sealed record Seal(int Round, ImmutableArray<Example> Kept) : TrainerCommand;

/// <summary>
/// From the Self: a user requests this checkpoint as the champion. The reply is the champion after the decision.
/// </summary>
/// <param name="Id">Id of the request.</param>
public sealed record Appoint(string Id, ModelId Model, string By, string Why) : TrainerCommand;

/// <summary>Effect result: the batch and its anchor examples are written.</summary>
/// <param name="Batch">SHA-256 of the kept examples' JSON Lines.</param>
/// <param name="Anchor">SHA-256 of the anchor examples' JSON Lines; null if there are none.</param>
public sealed record BatchWritten(int Round, ImmutableArray<MemoryId> Ids, string Batch, string? Anchor, int AnchorCount) : TrainerCommand;

/// <summary>Effect result: a candidate model.</summary>
public sealed record ModelTrained(int Round, ModelId Candidate, TrainingFigures Figures) : TrainerCommand;

/// <summary>
/// Effect result: the training failed (it diverged, or the job failed), or its candidate could not be measured. The
/// champion stays.
/// </summary>
public sealed record TrainingFailed(int Round, string Error) : TrainerCommand;

/// <summary>Effect result: the figures for the gate.</summary>
public sealed record ModelEvaluated(int Round, GateFigures Figures) : TrainerCommand;

/// <summary>From the lab: the instance is a fork from here on.</summary>
public sealed record ChangeTrainer(TrainerSettings Settings, Seed Seed) : TrainerCommand;

/// <summary>Events of the Trainer.</summary>
public abstract record TrainerEvent : Event;

/// <summary>The Trainer began with the model of generation 0.</summary>
[Manifest("trainer.began")]
public sealed record TrainerBegan(TrainerSettings Settings, ModelId Base, Charter Charter, ProbeSet Probes, Seed Seed, Seed BlockSeed)
    : TrainerEvent;

/// <summary>
/// The instance was forked and has other settings from here on. A training that was already planned keeps its plan, but
/// uses the new trainer.
/// </summary>
[Manifest("trainer.changed")]
public sealed record TrainerChanged(TrainerSettings Settings, Seed Seed) : TrainerEvent;

/// <summary>A round's batch was sealed.</summary>
[Manifest("trainer.sealed")]
public sealed record Sealed(int Round, ImmutableArray<MemoryId> Kept, string Batch, string? Anchor, int AnchorCount) : TrainerEvent;

/// <summary>A training was planned.</summary>
[Manifest("trainer.planned")]
public sealed record Planned(TrainingPlan Plan) : TrainerEvent;

/// <summary>A round ended without training.</summary>
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

/// <summary>A user made this checkpoint of the lineage, or its base, the champion, regardless of the gate.</summary>
/// <param name="Id">Id of the request.</param>
/// <param name="Model">The champion from now on.</param>
/// <param name="Replaced">The champion before.</param>
[Manifest("trainer.appointed")]
public sealed record Appointed(string Id, ModelId Model, ModelId Replaced, string By, string Why) : TrainerEvent;

/// <summary>
/// Bounds of the gate that could not be checked because the model gives no log-probabilities of text. Precedes the
/// promotion.
/// </summary>
/// <param name="Bounds">One sentence per bound.</param>
[Manifest("trainer.unchecked")]
public sealed record GateUnchecked(int Round, ModelId Candidate, ImmutableArray<string> Bounds) : TrainerEvent;

/// <summary>The candidate failed the gate; the champion stays.</summary>
[Manifest("trainer.rolled-back")]
public sealed record RolledBack(int Round, ModelId Candidate, GateFigures Figures, ImmutableArray<string> Reasons) : TrainerEvent;

/// <summary>The plan of a training, decided before it starts.</summary>
/// <param name="Parts">
/// SHA-256 of the JSON Lines that make up the training set, in order: batches, then anchors.
/// </param>
/// <param name="Start">The initial weights; for preference training also the reference model.</param>
/// <param name="Method">Null, and not written, for all weights.</param>
public sealed record TrainingPlan(
    int Round,
    ImmutableArray<string> Parts,
    ModelId Start,
    int Epochs,
    double LearningRate,
    Seed Seed,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] TrainingMethod? Method = null
);

/// <summary>The figures of a completed training.</summary>
/// <param name="Examples">Number of examples, or of pairs in preference training.</param>
/// <param name="Tokens">
/// Number of tokens over all epochs; <see cref="NotTold"/> if an external trainer does not report it.
/// </param>
/// <param name="Steps">
/// Number of optimiser steps; <see cref="NotTold"/> if an external trainer does not report it.
/// </param>
/// <param name="FirstLoss">
/// Mean loss of the first tenth of the steps: cross-entropy in nats per token, or preference loss in nats per pair; NaN
/// if not reported.
/// </param>
/// <param name="LastLoss">Mean loss of the last tenth of the steps.</param>
/// <param name="OfPairs">Whether preferences were trained; not written if false.</param>
public sealed record TrainingFigures(
    int Examples,
    long Tokens,
    int Steps,
    double FirstLoss,
    double LastLoss,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool OfPairs = false
)
{
    /// <summary>Marks an unknown count; no count is negative.</summary>
    public const int NotTold = -1;
}

/// <summary>The figures that the gate checks.</summary>
/// <param name="HeldOutBase">Cross-entropy of generation 0 on the held-out set, nats per token.</param>
/// <param name="HeldOut">The same for the candidate.</param>
/// <param name="Drift">Bare identity drift of the candidate from generation 0, bits in [0, 1].</param>
/// <param name="AnchorBase">Cross-entropy of generation 0 on anchor examples, nats per token.</param>
/// <param name="Anchor">The same for the candidate.</param>
/// <param name="Repeats">Rate of repeated 4-grams in the candidate's own samples, [0, 1].</param>
public sealed record GateFigures(double HeldOutBase, double HeldOut, double Drift, double AnchorBase, double Anchor, double Repeats);

/// <summary>State of the Trainer.</summary>
/// <param name="Champion">The current model.</param>
/// <param name="Batches">Sealed rounds, oldest first.</param>
/// <param name="Generation">The generation last reported to the Self; -1 before the first.</param>
/// <param name="Checkpoints">Every trained candidate, promoted or not, oldest first.</param>
/// <param name="Appointments">Ids of the fulfilled requests for a champion.</param>
public sealed record TrainerState(
    TrainerBegan? Began,
    ModelId Champion,
    ImmutableList<Sealed> Batches,
    int Generation,
    [property: JsonPropertyName("duty")] TrainerPhase Phase,
    ImmutableList<ModelId> Checkpoints,
    ImmutableList<string> Appointments
);

/// <summary>A phase of the Trainer; it determines the pending effects.</summary>
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

    /// <summary>The Trainer is idle, or a batch was sealed whose plan follows in the same append.</summary>
    public sealed record Waiting : TrainerPhase;

    /// <summary>A plan is to be carried out in this process.</summary>
    public sealed record Training(TrainingPlan Plan) : TrainerPhase;

    /// <summary>An external job's training data is being uploaded. This creates no job and may be repeated.</summary>
    public sealed record Preparing(JobProgress Job) : TrainerPhase;

    /// <summary>
    /// The job is being submitted. A recovery in this phase searches for the job and does not submit it.
    /// </summary>
    public sealed record Submitting(JobProgress Job) : TrainerPhase;

    /// <summary>The job is searched for, because it is unknown whether it exists.</summary>
    public sealed record Seeking(JobProgress Job) : TrainerPhase;

    /// <summary>The job is running.</summary>
    public sealed record Awaiting(JobProgress Job) : TrainerPhase;

    /// <summary>A candidate is to be measured.</summary>
    /// <param name="Failures">
    /// Consecutive failures to measure it; a paid model is not given up because a server is busy.
    /// </param>
    public sealed record Evaluating(int Round, ModelId Candidate, int Failures = 0, bool Unchecked = false) : TrainerPhase;

    /// <summary>The generation is reported to the Self.</summary>
    public sealed record Reported(RoundOutcome Outcome) : TrainerPhase;
}
