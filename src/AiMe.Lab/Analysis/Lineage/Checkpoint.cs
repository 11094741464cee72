using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Faculties.Trainer;

namespace AiMe.Lab.Analysis.Lineage;

/// <summary>A checkpoint that a life's Trainer made, as its journal tells it.</summary>
/// <param name="Round">Whose training made it, from 1.</param>
/// <param name="Plan">Its parent (<see cref="TrainingPlan.Start"/>), dataset, hyper-parameters and seed.</param>
/// <param name="Parts">The plan's parts, each with what it holds; shape of <see cref="TrainingPlan.Parts"/>.</param>
/// <param name="Gate">What the gate went by; null where it was not measured.</param>
/// <param name="Reasons">The gate's objections, or why it could not be measured.</param>
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
    /// <summary>What the training started from.</summary>
    public ModelId Parent => Plan.Start;

    /// <summary>The place by which people name it, such as <c>aligned-1@2</c>.</summary>
    public string Place => $"{Instance}@{Round}";

    /// <summary><c>full</c>, <c>lora</c> or <c>dpo</c>; <c>job</c> where a trainer outside made it in a way of its own.</summary>
    public required string Method { get; init; }

    /// <summary>What the life's gate allowed when it was trained.</summary>
    public required GateBounds Bounds { get; init; }
}

/// <summary>A part of a training set: the blob of a round's kept experiences, or of the anchor examples drawn with them.</summary>
/// <param name="Sha256">Digest of its JSON Lines.</param>
/// <param name="Round">That was sealed with it.</param>
public sealed record DatasetPart(string Sha256, int Round, bool IsAnchor, int Examples);

/// <summary>What became of a checkpoint.</summary>
public enum CheckpointFate
{
    /// <summary>It is being measured.</summary>
    Candidate,

    /// <summary>It passed the gate.</summary>
    Promoted,

    /// <summary>It failed the gate.</summary>
    RolledBack,

    /// <summary>It could not be measured.</summary>
    Failed,
}
