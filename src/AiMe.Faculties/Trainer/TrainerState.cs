using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;

namespace AiMe.Faculties.Trainer;

/// <summary>The plan of a training, decided before it starts.</summary>
/// <param name="Parts">
/// SHA-256 of the JSON Lines that make up the training set, in order: batches, then anchors.
/// </param>
/// <param name="Start">The initial weights; for preference training also the reference model.</param>
/// <param name="Epochs">Passes over the training set, at least 1; 0 if a budget is set.</param>
/// <param name="Method">Null, and not written, for all weights.</param>
/// <param name="Budget">The training's fixed length; null, and not written, for epochs.</param>
/// <param name="Untrained">
/// Seed of random initial weights of the start's shape, in place of its own; null, and not written, for its own.
/// </param>
/// <param name="Draw">Number of examples drawn from the parts, without replacement; null, and not written, for all.</param>
public sealed record TrainingPlan(
    int Round,
    ImmutableArray<string> Parts,
    ModelId Start,
    int Epochs,
    double LearningRate,
    Seed Seed,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] TrainingMethod? Method = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] TrainingBudget? Budget = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Draw = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Seed? Untrained = null
);

/// <summary>The figures of a completed training.</summary>
/// <param name="Examples">Number of examples, or of pairs in preference training.</param>
/// <param name="Tokens">
/// Number of tokens that the model read in all steps, prompts included; of a pair both answers'.
/// <see cref="NotTold"/> if an external trainer does not report it.
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
/// <param name="Passes">
/// Examples or pairs over all steps, each counted as often as it was trained on. Null, and not written, if the plan
/// counts in epochs, or if an external trainer does not report it: see <see cref="PassesUnder"/>.
/// </param>
public sealed record TrainingFigures(
    int Examples,
    long Tokens,
    int Steps,
    double FirstLoss,
    double LastLoss,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool OfPairs = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Passes = null
)
{
    /// <summary>Marks an unknown count; no count is negative.</summary>
    public const int NotTold = -1;

    /// <summary>
    /// Example passes of the training: how often any example, or any pair, was trained on. Null if it is unknown, that
    /// is for an external trainer whose budget is in steps or tokens.
    /// </summary>
    /// <param name="plan">The plan that the training carried out.</param>
    public long? PassesUnder(TrainingPlan plan) =>
        Passes
        ?? plan.Budget switch
        {
            null => (long)Examples * plan.Epochs,
            { Unit: BudgetUnit.Examples } budget => budget.Amount,
            _ => null,
        };
}

/// <summary>The figures that the gate checks.</summary>
/// <param name="HeldOutBase">Cross-entropy of generation 0 on the held-out set, nats per token.</param>
/// <param name="HeldOut">The same for the candidate.</param>
/// <param name="Drift">Bare identity drift of the candidate from generation 0, bits in [0, 1].</param>
/// <param name="AnchorBase">Cross-entropy of generation 0 on anchor examples, nats per token.</param>
/// <param name="Anchor">The same for the candidate.</param>
/// <param name="Repeats">Rate of repeated 4-grams in the candidate's own samples, [0, 1].</param>
/// <param name="IsBase">
/// Whether the candidate gives fixed texts exactly the log-probabilities of generation 0, so that a server answers with that model
/// under the candidate's name; not written if it does not, or if that is not known.
/// </param>
public sealed record GateFigures(
    double HeldOutBase,
    double HeldOut,
    double Drift,
    double AnchorBase,
    double Anchor,
    double Repeats,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsBase = false
);

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
