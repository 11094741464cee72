using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Trainer;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments;

/// <summary>What holds where an experiment file says nothing, and why. Nowhere else is a default set.</summary>
internal static class Defaults
{
    /// <summary>Any number will do; one that is always the same makes two runs of one file the same run.</summary>
    public const long Seed = 1;

    /// <summary>
    /// What each size is tuned with on the shipped corpus: small is trained within a minute on two cores, and gains from
    /// more. A small corpus of one's own needs less.
    /// </summary>
    public static int Records(string preset) =>
        preset switch
        {
            "tiny" => 32_000,
            "small" => 15_000,
            _ => 64_000,
        };

    /// <summary>Enough for a paired interval; one life is an anecdote.</summary>
    public const int Replicates = 5;

    /// <summary>Small enough for several rounds in a short run.</summary>
    public const int Every = 24;

    /// <summary>No drives: an instance hears only what the stimuli say.</summary>
    public const int InternalEvery = 0;

    /// <summary>The embedded model: no network, no cost.</summary>
    public const Provider Provider = Yaml.Provider.Nano;

    /// <summary>The size that trains in seconds.</summary>
    public const string Preset = "tiny";

    /// <summary>OpenAI's own server, and the variable that its tools read.</summary>
    public const string BaseUrl = "https://api.openai.com/v1",
        KeyEnv = "OPENAI_API_KEY";

    /// <summary>The name that present models want.</summary>
    public const string TokenLimit = "max_completion_tokens";

    /// <summary>A busy server is asked three times in all.</summary>
    public const int Retries = 2;

    /// <summary>
    /// Where no log-probabilities come, enough to see a leaning, at a price that can be paid for each wording of each
    /// probe.
    /// </summary>
    public const int Samples = 3;

    /// <summary>Few texts are embedded at a time; this keeps a request small all the same.</summary>
    public const int Batch = 256;

    /// <summary>A minute is long for a short answer, and a queue may be long.</summary>
    public static TimeSpan Timeout { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Of the base model, so that experiments with other seeds share it.</summary>
    public const long ModelSeed = 1;

    /// <summary>Experiences that <c>top</c> looks back on: a default round.</summary>
    public const int TopWindow = 24;

    /// <summary>Cosine distance ends at 2, so this bounds nothing.</summary>
    public const double NoveltyMax = 2;

    /// <summary>For stimuli that name none.</summary>
    public const string Topic = "general";

    /// <summary>The stimulus that asks nothing, for probes that give none.</summary>
    public const string Neutral = "Say something.";

    /// <summary>For charters that give none: the stem alone says who it is, until a first insight is added.</summary>
    public const string SelfModel = "";

    /// <summary>Logical time of cycle 0.</summary>
    public static DateTime Epoch { get; } = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Logical time between cycles.</summary>
    public static TimeSpan Tick { get; } = TimeSpan.FromMinutes(1);

    /// <summary>One answer, sampled a little below the model's own spread, and no longer than its short exchanges.</summary>
    public static SelfSettings Generate { get; } =
        new(Candidates: 1, Pick: null, new Sampling(Temperature: 0.8, TopK: 0, TopP: 0.95, MaxTokens: 48), Attempts: 3);

    /// <summary>Reflections are cooler than answers. The threshold gives an insight about every dozen experiences.</summary>
    public static ReflectorSettings Reflect { get; } =
        new(InsightThreshold: 60, new Sampling(Temperature: 0.6, TopK: 0, TopP: 0.95, MaxTokens: 40), Attempts: 2);

    /// <summary>Equal weights and the decay of Park et al. 2023; two memories, since the embedded model reads 256 tokens in all.</summary>
    public static MemorySettings Memory { get; } =
        new(Recall: 2, Recency: 1, Importance: 1, Relevance: 1, Decay: 0.995, Capacity: 1000, ForgetPolicy.Weakest);

    /// <summary>
    /// Enough for what a few hundred short examples say, at a third of a megabyte an adapter of <c>small</c>; see
    /// docs/NANO.md.
    /// </summary>
    public const int Rank = 8;

    /// <summary>Twice the rank, as is usual.</summary>
    public const double Alpha = 16;

    /// <summary>As in Rafailov et al. 2023.</summary>
    public const double Beta = 0.1;

    /// <summary>All weights up to <c>small</c>; of a larger model an adapter, so that a thousand variants share one base.</summary>
    public static TrainingMethod? Method(string preset) => preset == "base" ? new TrainingMethod.Lora(Rank, Alpha) : null;

    /// <summary>
    /// An adapter's B begins at 0 and takes five times the steps to move the model as far; a preference moves it farther.
    /// See docs/NANO.md for both.
    /// </summary>
    public static double LearningRate(TrainingMethod? method) =>
        method switch
        {
            null or TrainingMethod.Dpo => 0.001,
            TrainingMethod.Lora => 0.005,
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    /// <summary>
    /// Accumulating with three parts in ten of fresh anchor data: what keeps a model from collapsing. The gate bounds
    /// nothing.
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
            new GateBounds(HeldOutRise: null, Drift: null, AnchorRise: null, Repeats: null)
        );

    /// <summary>Everything is learned from.</summary>
    public static ImmutableArray<Rule> Curate { get; } = [new KeepAll()];
}
