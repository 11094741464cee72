using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Trainer;

namespace AiMe.Faculties;

/// <summary>Sample answers to a stimulus, and score each.</summary>
/// <param name="LoopVersion">See <see cref="Faculties.LoopVersion"/>.</param>
public sealed record GenerateAnswer(
    int Cycle,
    int Attempt,
    ModelId Model,
    Prompt Prompt,
    Charter Charter,
    Stimulus Stimulus,
    SelfSettings Settings,
    Seed Seed,
    int? LoopVersion = null
) : Effect($"c{Cycle} answer {Attempt}");

/// <summary>Score an answer that was given from outside, as if it had been sampled.</summary>
/// <param name="Rejected">The other candidate, to which the answer is preferred; or null.</param>
/// <param name="LoopVersion">See <see cref="Faculties.LoopVersion"/>.</param>
public sealed record AppraiseAnswer(
    int Cycle,
    int Attempt,
    string Answer,
    Charter Charter,
    Stimulus Stimulus,
    string? Rejected = null,
    int? LoopVersion = null
) : Effect($"c{Cycle} appraise {Attempt}");

/// <summary>Ask the identity probes of the bare model and of the whole agent.</summary>
/// <param name="Recalled">
/// For the agent: the memories recalled for each choice probe, then for each open probe; shape (probes).
/// </param>
/// <param name="LoopVersion">See <see cref="Faculties.LoopVersion"/>.</param>
public sealed record AskProbes(
    int Generation,
    int Attempt,
    ModelId Model,
    Charter Charter,
    ProbeSet Probes,
    string SelfModel,
    ImmutableArray<ImmutableArray<Hit>> Recalled,
    Sampling Sampling,
    Seed HeldOutSeed,
    Seed Seed,
    int? LoopVersion = null
) : Effect($"g{Generation} probe {Attempt}");

/// <summary>Ask the model how an output aligns with the goals and what could be improved.</summary>
/// <param name="Form">The form of the reflection; null, and not written, for the usual one of the provider.</param>
public sealed record GenerateReflection(
    int Attempt,
    Draft Draft,
    Charter Charter,
    Sampling Sampling,
    Seed Seed,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ReflectionForm? Form = null
) : Effect($"c{Draft.Cycle} reflect {Attempt}");

/// <summary>Ask the model for a higher-level statement about its recent experiences.</summary>
public sealed record GenerateInsight(int Attempt, Draft Draft, Reflection Reflection, Charter Charter, Sampling Sampling, Seed Seed)
    : Effect($"c{Draft.Cycle} insight {Attempt}");

/// <summary>Embed an output and the whole experience in the frozen space.</summary>
public sealed record EmbedExperience(int Attempt, Draft Draft, Reflection Reflection, Insight? Insight)
    : Effect($"c{Draft.Cycle} embed {Attempt}");

/// <summary>Ask a judge to rate an answer once.</summary>
/// <param name="Case">What is judged, with what the verdict needs.</param>
/// <param name="Sample">Which of the judge's answers it is, from 1.</param>
public sealed record AskJudge(int Attempt, ExperienceEmbedded Case, ModelJudge Judge, int Sample, Seed Seed)
    : Effect($"c{Case.Draft.Cycle} judge {Judge.Id} {Sample} {Attempt}");

/// <summary>Search the memory for each query.</summary>
/// <param name="View">The recallable memories, which an index behind the port must match.</param>
public sealed record SearchMemory(int Attempt, RecallFor For, ImmutableArray<string> Queries, MemoryView View)
    : Effect($"{For} search {Attempt}");

/// <summary>Write a round's kept experiences and their anchor examples as JSON Lines.</summary>
/// <param name="RealExamples">Further examples of the corpus, from a stream of their own.</param>
/// <param name="Rejected">How another model answers the prompts, if its answers are the rejected ones; else null.</param>
public sealed record WriteBatch(
    int Round,
    ImmutableArray<Example> Kept,
    double Anchor,
    Seed AnchorSeed,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int RealExamples = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] RejectedAnswers? Rejected = null
) : Effect($"r{Round} seal");

/// <summary>Answers to the prompts of kept experiences, one each, that are to be rejected.</summary>
/// <param name="Model">Generation 0; null for the base model before its identity tuning, which the plan's origin says.</param>
/// <param name="Seed">The i-th answer, from 0, has the seed derived from this by i.</param>
public sealed record RejectedAnswers(ModelId? Model, Charter Charter, Sampling Sampling, Seed Seed);

/// <summary>Fine-tune in this process. Training is deterministic, so it may be repeated after a crash.</summary>
public sealed record TrainModel(TrainingPlan Plan) : Effect($"r{Plan.Round} train");

/// <summary>
/// An effect on an external training job. All job effects of a round share one key, so that only one runs at a time.
/// </summary>
/// <param name="By">The external trainer.</param>
public abstract record JobEffect(TrainingPlan Plan, ExternalTraining By) : Effect($"r{Plan.Round} job");

/// <summary>Upload a job's training data to where its trainer reads it. Creates no job; may be repeated.</summary>
/// <param name="Attempt">1-based number of the submission.</param>
/// <param name="Data">Uploaded data of an earlier attempt that can be used again; empty for none.</param>
/// <param name="Try">1-based number of the try, which a failure reports.</param>
public sealed record PrepareJob(TrainingPlan Plan, ExternalTraining By, int Attempt, string Data, int Try) : JobEffect(Plan, By);

/// <summary>Submit a job. This is the only effect that never runs twice.</summary>
/// <remarks>Its intent is journalled first. After a crash <see cref="FindJob"/> is pending instead.</remarks>
public sealed record SubmitJob(TrainingPlan Plan, ExternalTraining By, int Attempt, string JobKey, string Data) : JobEffect(Plan, By);

/// <summary>Find out whether a job with this key exists. Submits nothing.</summary>
public sealed record FindJob(TrainingPlan Plan, ExternalTraining By, int Attempt, string JobKey, string Data, int Try)
    : JobEffect(Plan, By);

/// <summary>Wait a while, then check whether a job has ended.</summary>
/// <param name="Job">The job's id at its trainer.</param>
/// <param name="Look">1-based number of the check; it restarts at 1 after a recovery.</param>
public sealed record AwaitJob(TrainingPlan Plan, ExternalTraining By, string JobKey, string Job, int Try, int Look = 1)
    : JobEffect(Plan, By);

/// <summary>Measure a candidate for the gate.</summary>
/// <param name="Try">1-based number of the try, which a failure reports if a job trained the candidate.</param>
public sealed record EvaluateModel(
    int Round,
    ModelId Candidate,
    ModelId Base,
    Charter Charter,
    ProbeSet Probes,
    Seed HeldOutSeed,
    Seed SampleSeed,
    int Try = 1
) : Effect($"r{Round} evaluate");
