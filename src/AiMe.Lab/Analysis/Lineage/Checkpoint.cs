using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Faculties.Trainer;

namespace AiMe.Lab.Analysis.Lineage;

/// <summary>A checkpoint made by an instance's Trainer.</summary>
/// <param name="Round">The round of its training, from 1.</param>
/// <param name="Plan">Its parent (<see cref="TrainingPlan.Start"/>), dataset, hyper-parameters and seed.</param>
/// <param name="Parts">Contents of the plan's parts; shape of <see cref="TrainingPlan.Parts"/>.</param>
/// <param name="Gate">The gate's figures; null if it was not evaluated.</param>
/// <param name="Reasons">The gate's objections, or why it could not be evaluated.</param>
public sealed record Checkpoint(
    ModelId Id,
    string Instance,
    int Round,
    TrainingPlan Plan,
    ImmutableArray<DatasetPart> Parts,
    TrainingFigures Figures,
    GateFigures? Gate,
    CheckpointFate Fate,
    ImmutableArray<string> Reasons
)
{
    /// <summary>The model that the training started from.</summary>
    public ModelId Parent => Plan.Start;

    /// <summary>Its name for users, such as <c>inward-1@2</c>.</summary>
    public string Place => $"{Instance}@{Round}";

    /// <summary>
    /// <c>full</c>, <c>lora</c> or <c>dpo</c>; <c>job</c> for an external trainer with its own method.
    /// </summary>
    public required string Method { get; init; }

    /// <summary>The gate's bounds at the time of the training.</summary>
    public required GateBounds Bounds { get; init; }
}

/// <summary>
/// A part of a training set: the kept experiences of a round, or the anchor examples drawn with them.
/// </summary>
/// <param name="Sha256">Digest of its JSON Lines.</param>
/// <param name="Round">The round that was sealed with it.</param>
public sealed record DatasetPart(string Sha256, int Round, bool IsAnchor, int Examples);

/// <summary>The state of a checkpoint.</summary>
public enum CheckpointFate
{
    /// <summary>It is being evaluated.</summary>
    Candidate,

    /// <summary>It passed the gate.</summary>
    Promoted,

    /// <summary>It failed the gate.</summary>
    RolledBack,

    /// <summary>It could not be evaluated.</summary>
    Failed,
}
