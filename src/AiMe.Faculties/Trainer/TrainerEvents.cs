using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;

namespace AiMe.Faculties.Trainer;

/// <summary>Events of the Trainer.</summary>
public abstract record TrainerEvent : Event;

/// <summary>The Trainer began with the model of generation 0.</summary>
/// <param name="Answers">
/// Sampling of answers, if another model than the current one gives the rejected ones; else null, and not written.
/// </param>
[Manifest("trainer.began")]
public sealed record TrainerBegan(
    TrainerSettings Settings,
    ModelId Base,
    Charter Charter,
    ProbeSet Probes,
    Seed Seed,
    Seed BlockSeed,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Sampling? Answers = null
) : TrainerEvent;

/// <summary>
/// The instance was forked and has other settings from here on. A training that was already planned keeps its plan, but
/// uses the new trainer.
/// </summary>
/// <param name="Answers">As of <see cref="TrainerBegan"/>.</param>
[Manifest("trainer.changed")]
public sealed record TrainerChanged(
    TrainerSettings Settings,
    Seed Seed,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Sampling? Answers = null
) : TrainerEvent;

/// <summary>A round's batch was sealed.</summary>
/// <param name="Rejected">
/// The answer of generation 0, or of the untuned base model, to the prompt of each kept experience, in their order, if these are the
/// rejected ones; else default, and not written. The batch holds them too.
/// </param>
[Manifest("trainer.sealed")]
public sealed record Sealed(
    int Round,
    ImmutableArray<MemoryId> Kept,
    string Batch,
    string? Anchor,
    int AnchorCount,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ImmutableArray<string> Rejected = default
) : TrainerEvent;

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
/// <param name="Planned">Whether it is a scheduled intervention; not written if false.</param>
[Manifest("trainer.appointed")]
public sealed record Appointed(
    string Id,
    ModelId Model,
    ModelId Replaced,
    string By,
    string Why,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Planned = false
) : TrainerEvent;

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
