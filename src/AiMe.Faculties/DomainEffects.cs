using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Trainer;

namespace AiMe.Faculties;

/// <summary>Sample answers to a stimulus and measure each.</summary>
public sealed record GenerateAnswer(
    int Cycle,
    int Attempt,
    ModelId Model,
    Prompt Prompt,
    Charter Charter,
    Stimulus Stimulus,
    SelfSettings Settings,
    Seed Seed
) : Effect($"c{Cycle} answer {Attempt}");

/// <summary>Measure an answer that was given from outside, as if it had been sampled.</summary>
public sealed record AppraiseAnswer(int Cycle, int Attempt, string Answer, Charter Charter, Stimulus Stimulus)
    : Effect($"c{Cycle} appraise {Attempt}");

/// <summary>Ask the identity probes of the bare model and of the whole agent.</summary>
/// <param name="Recalled">
/// For the agent: what was recalled for each choice probe and then for each open probe; shape (probes).
/// </param>
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
    Seed Seed
) : Effect($"g{Generation} probe {Attempt}");

/// <summary>Ask the model how an output aligns with the goals and what could be improved.</summary>
public sealed record GenerateReflection(int Attempt, Draft Draft, Charter Charter, Sampling Sampling, Seed Seed)
    : Effect($"c{Draft.Cycle} reflect {Attempt}");

/// <summary>Ask the model for a higher-level statement about what it lately went through.</summary>
public sealed record GenerateInsight(int Attempt, Draft Draft, Reflection Reflection, Charter Charter, Sampling Sampling, Seed Seed)
    : Effect($"c{Draft.Cycle} insight {Attempt}");

/// <summary>Embed an output and the whole experience in the frozen space.</summary>
public sealed record EmbedExperience(int Attempt, Draft Draft, Reflection Reflection, Insight? Insight)
    : Effect($"c{Draft.Cycle} embed {Attempt}");

/// <summary>Search the memory for each query.</summary>
/// <param name="View">What can be recalled: the truth, to which an index behind the port catches up.</param>
public sealed record SearchMemory(int Attempt, RecallFor For, ImmutableArray<string> Queries, MemoryView View)
    : Effect($"{For} search {Attempt}");

/// <summary>Write a round's kept experiences, and the anchor examples that go with them, as JSON Lines.</summary>
public sealed record WriteBatch(int Round, ImmutableArray<Example> Kept, double Anchor, Seed AnchorSeed) : Effect($"r{Round} seal");

/// <summary>Fine-tune. Deterministic in the process, so it may be repeated after a crash.</summary>
public sealed record TrainModel(TrainingPlan Plan) : Effect($"r{Plan.Round} train");

/// <summary>
/// Something about an external training job. One at a time: all about the jobs of a round bear one key.
/// </summary>
/// <param name="By">Who trains.</param>
public abstract record JobEffect(TrainingPlan Plan, ExternalTraining By) : Effect($"r{Plan.Round} job");

/// <summary>Bring what a job is to learn from where its trainer can read it. Makes no job; may be repeated.</summary>
/// <param name="Attempt">Which submission it is for, from 1.</param>
/// <param name="Data">What was brought for an earlier attempt and can be used again; empty for nothing.</param>
/// <param name="Try">Fails as this, should it fail.</param>
public sealed record PrepareJob(TrainingPlan Plan, ExternalTraining By, int Attempt, string Data, int Try) : JobEffect(Plan, By);

/// <summary>
/// Submit a job: the one effect that is never run twice. Its intent is journalled; after a crash <see cref="FindJob"/>
/// is owed instead.
/// </summary>
public sealed record SubmitJob(TrainingPlan Plan, ExternalTraining By, int Attempt, string JobKey, string Data) : JobEffect(Plan, By);

/// <summary>Find out whether there is a job with this key. Submits nothing.</summary>
public sealed record FindJob(TrainingPlan Plan, ExternalTraining By, int Attempt, string JobKey, string Data, int Try)
    : JobEffect(Plan, By);

/// <summary>Look, after a while, whether a job has ended.</summary>
/// <param name="Job">The trainer's id of it.</param>
/// <param name="Look">The how manieth look, from 1; counted anew after a restart.</param>
public sealed record AwaitJob(TrainingPlan Plan, ExternalTraining By, string JobKey, string Job, int Try, int Look = 1)
    : JobEffect(Plan, By);

/// <summary>Measure a candidate for the gate.</summary>
/// <param name="Try">Fails as this, should it fail and the candidate be a job's.</param>
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
