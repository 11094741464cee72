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
/// <param name="Planned">Whether it is a scheduled intervention, which may use a model that is not of the lineage.</param>
public sealed record Appoint(string Id, ModelId Model, string By, string Why, bool Planned = false) : TrainerCommand;

/// <summary>Effect result: the batch and its anchor examples are written.</summary>
/// <param name="Batch">SHA-256 of the kept examples' JSON Lines.</param>
/// <param name="Anchor">SHA-256 of the anchor examples' JSON Lines; null if there are none.</param>
/// <param name="Rejected">The rejected answers, in the order of the ids; default if none were requested.</param>
public sealed record BatchWritten(
    int Round,
    ImmutableArray<MemoryId> Ids,
    string Batch,
    string? Anchor,
    int AnchorCount,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ImmutableArray<string> Rejected = default
) : TrainerCommand;

/// <summary>Effect result: a candidate model.</summary>
public sealed record ModelTrained(int Round, ModelId Candidate, TrainingFigures Figures) : TrainerCommand;

/// <summary>
/// Effect result: the training failed (it diverged, or the job failed), its rejected answers could not be sampled, or its candidate
/// could not be measured. The champion stays.
/// </summary>
public sealed record TrainingFailed(int Round, string Error) : TrainerCommand;

/// <summary>Effect result: the figures for the gate.</summary>
public sealed record ModelEvaluated(int Round, GateFigures Figures) : TrainerCommand;

/// <summary>From the lab: the instance is a fork from here on.</summary>
/// <param name="Answers">As of <see cref="TrainerBegan"/>.</param>
public sealed record ChangeTrainer(
    TrainerSettings Settings,
    Seed Seed,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Sampling? Answers = null
) : TrainerCommand;
