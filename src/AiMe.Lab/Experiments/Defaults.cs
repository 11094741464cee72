using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments;

/// <summary>Every default value of an experiment file, and the reason for it. No default is set elsewhere.</summary>
internal static class Defaults
{
    /// <summary>A constant, so that two runs of one file are the same run.</summary>
    public const long Seed = 1;

    /// <summary>Tuned for each size on the shipped corpus.</summary>
    /// <remarks>
    /// small trains within a minute on two cores, and improves with more records. A small corpus needs fewer.
    /// </remarks>
    public static int Records(string preset) =>
        preset switch
        {
            "tiny" => 32_000,
            "small" => 15_000,
            ModelOrigin.Nano.OfFolder => 4_000, // what its embedder counts words in
            _ => 64_000,
        };

    /// <summary>Room for a charter, some memories and an answer; the caches of a long context would fill the memory.</summary>
    public const int CheckpointContext = 1024;

    /// <summary>Enough for a paired interval; a single replicate gives none.</summary>
    public const int Replicates = 5;

    /// <summary>Small enough for several rounds in a short run.</summary>
    public const int Every = 24;

    /// <summary>No drives: an instance receives stimuli only.</summary>
    public const int InternalEvery = 0;

    /// <summary>The embedded model: no network, no cost.</summary>
    public const Provider Provider = Yaml.Provider.Nano;

    /// <summary>The size that trains in seconds.</summary>
    public const string Preset = "tiny";

    /// <summary>OpenAI's own server, and the variable that its tools read.</summary>
    public const string BaseUrl = "https://api.openai.com/v1",
        KeyEnv = "OPENAI_API_KEY";

    /// <summary>The parameter name of current models.</summary>
    public const string TokenLimit = "max_completion_tokens";

    /// <summary>Three attempts in all.</summary>
    public const int Retries = 2;

    /// <summary>
    /// Used if the server returns no log-probabilities: enough samples to show a tendency, at an acceptable cost for
    /// each wording of each probe.
    /// </summary>
    public const int Samples = 3;

    /// <summary>Few texts are embedded at a time; the limit keeps each request small.</summary>
    public const int Batch = 256;

    /// <summary>Long for a short answer, but the server may queue requests for a long time.</summary>
    public static TimeSpan Timeout { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Seed of the base model, so that experiments with other seeds share it.</summary>
    public const long ModelSeed = 1;

    /// <summary>Of a distribution: enough that a mean over dimensions has some precision.</summary>
    public const int Dimensions = 100;

    /// <summary>Of a categorical distribution.</summary>
    public const int Categories = 10;

    /// <summary>A fit reads each example once.</summary>
    public const int EpochsOfFit = 1;

    /// <summary>Real draws of a distribution's generation 0: as many as a default round gives it answers.</summary>
    public const int Draws = Every;

    /// <summary>Experiences that <c>top</c> compares with: one default round.</summary>
    public const int TopWindow = 24;

    /// <summary>No bound: cosine distance is at most 2.</summary>
    public const double NoveltyMax = 2;

    /// <summary>Topic of stimuli that name none.</summary>
    public const string Topic = "general";

    /// <summary>The neutral stimulus of probe sets that give none.</summary>
    public const string Neutral = "Say something.";

    /// <summary>Self-model of charters that give none: empty until the first insight is added.</summary>
    public const string SelfModel = "";

    /// <summary>Logical time of cycle 0.</summary>
    public static DateTime Epoch { get; } = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Logical time between cycles.</summary>
    public static TimeSpan Tick { get; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// One answer, sampled at a temperature slightly below 1, and no longer than the model's short exchanges.
    /// </summary>
    public static SelfSettings Generate { get; } =
        new(Candidates: 1, Pick: null, new Sampling(Temperature: 0.8, TopK: 0, TopP: 0.95, MaxTokens: 48), Attempts: 3);

    /// <summary>
    /// Reflections are sampled at a lower temperature than answers. The threshold gives an insight about every 12
    /// experiences.
    /// </summary>
    public static ReflectorSettings Reflect { get; } =
        new(InsightThreshold: 60, new Sampling(Temperature: 0.6, TopK: 0, TopP: 0.95, MaxTokens: 40), Attempts: 2);

    /// <summary>
    /// Equal weights and the decay of Park et al. 2023; two memories, because the embedded model has a context of 256
    /// tokens.
    /// </summary>
    public static MemorySettings Memory { get; } =
        new(Recall: 2, Recency: 1, Importance: 1, Relevance: 1, Decay: 0.995, Capacity: 1000, ForgetPolicy.Weakest);

    /// <summary>Enough that few further memories must be measured; see docs/VECTOR-STORES.md.</summary>
    public const int Candidates = 8;

    /// <summary>A store answers in milliseconds; one that is busy may take seconds.</summary>
    public static TimeSpan StoreTimeout { get; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Enough for a few hundred short examples, at a third of a megabyte for an adapter of <c>small</c>; see
    /// docs/NANO.md.
    /// </summary>
    public const int Rank = 8;

    /// <summary>Twice the rank, as is usual.</summary>
    public const double Alpha = 16;

    /// <summary>As in Rafailov et al. 2023.</summary>
    public const double Beta = 0.1;

    /// <summary>
    /// All weights up to <c>small</c>; an adapter for a larger model, so that many variants share one base.
    /// </summary>
    public static TrainingMethod? Method(NanoModel model) =>
        model.Preset == "base" || model.Checkpoint is not null ? new TrainingMethod.Lora(Rank, Alpha) : null;

    /// <summary>
    /// An adapter starts with B = 0 and needs five times the step size to change the model as much; preference training
    /// changes it more. See docs/NANO.md.
    /// </summary>
    public static double LearningRate(TrainingMethod? method) =>
        method switch
        {
            null or TrainingMethod.Dpo => 0.001,
            TrainingMethod.Lora => 0.005,
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    /// <summary>A gate through which every candidate passes.</summary>
    public static GateBounds NoBounds { get; } = new(HeldOutRise: null, Drift: null, AnchorRise: null, Repeats: null);

    /// <summary>
    /// Accumulates data, with 30% anchor data drawn each round, which prevents model collapse. The gate has no bounds.
    /// </summary>
    public static TrainerSettings Train { get; } =
        new(
            Train: true,
            DataRegime.Accumulate,
            Window: 1,
            Anchor: 0.3,
            FreshAnchor: true,
            StartFrom.Continued,
            Epochs: 2,
            LearningRate(method: null),
            NoBounds
        );

    /// <summary>
    /// Tried on a draft of 86 exchanges: they are said, and cross-entropy on corpus text rises by 8%. With a half of anchor text, 8
    /// epochs and twice the rate it rises by 52%, since so few records are repeated so often.
    /// </summary>
    public static IdentityTuning Identity { get; } = new("", Exchanges: 0, Epochs: 4, LearningRate: 0.001, Anchor: 0.8);

    /// <summary>The usual level.</summary>
    public const double SignificanceLevel = 0.05;

    /// <summary>Its coverage is near to the nominal one with few replicates already.</summary>
    public const IntervalMethod Interval = IntervalMethod.Student;

    /// <summary>An odd number: half of them see the scale from its other end, and a majority is a quorum.</summary>
    public const int JudgeSamples = 3;

    /// <summary>Low, so that the samples differ by the order of the scale more than by chance; room for two sentences.</summary>
    public static Sampling Judging { get; } = new(Temperature: 0.2, TopK: 0, TopP: 1, MaxTokens: 300);

    /// <summary>Every experience is kept.</summary>
    public static ImmutableArray<Rule> Curate { get; } = [new KeepAll()];
}
