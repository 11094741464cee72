using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Trainer;

namespace AiMe.Faculties;

/// <summary>Everything that one instance is born with.</summary>
/// <param name="Name">Unique in the run, such as <c>aligned-3</c>.</param>
/// <param name="Replicate">1-based; replicates of all variants with one number share a block seed.</param>
/// <param name="BlockSeed">Stimuli's order, anchor draw, held-out set.</param>
/// <param name="Seed">Sampling and training.</param>
/// <param name="Base">The model of generation 0.</param>
/// <param name="Every">Closed experiences in a round.</param>
public sealed record InstanceSpec(
    string Name,
    string Variant,
    int Replicate,
    Seed BlockSeed,
    Seed Seed,
    DateTime Epoch,
    TimeSpan Tick,
    int Every,
    ModelId Base,
    Charter Charter,
    ProbeSet Probes,
    SelfSettings Self,
    MemorySettings Memory,
    ReflectorSettings Reflector,
    ImmutableArray<Rule> Curate,
    TrainerSettings Trainer
)
{
    /// <summary>What of it can become otherwise where another instance branches off.</summary>
    [JsonIgnore]
    public InstanceSettings Settings => new(Seed, Self, Memory, Reflector, Curate, Trainer);

    /// <summary>Born with the same, and living by other settings.</summary>
    public InstanceSpec With(InstanceSettings settings) =>
        this with
        {
            Seed = settings.Seed,
            Self = settings.Self,
            Memory = settings.Memory,
            Reflector = settings.Reflector,
            Curate = settings.Curate,
            Trainer = settings.Trainer,
        };
}

/// <summary>
/// What an instance lives by. The charter is not among it: it is frozen for a life, and for all that branch off.
/// </summary>
/// <param name="Seed">
/// Sampling and training. The block's seed stays, so that a fork has its parent's held-out set.
/// </param>
public sealed record InstanceSettings(
    Seed Seed,
    SelfSettings Self,
    MemorySettings Memory,
    ReflectorSettings Reflector,
    ImmutableArray<Rule> Curate,
    TrainerSettings Trainer
)
{
    /// <inheritdoc />
    public bool Equals(InstanceSettings? other) =>
        other is not null
        && (Seed, Self, Memory, Reflector, Trainer).Equals((other.Seed, other.Self, other.Memory, other.Reflector, other.Trainer))
        && Curate.SequenceEqual(other.Curate);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Seed, Self, Memory, Reflector, Curate.Length, Trainer);
}

/// <summary>How the Self speaks.</summary>
/// <param name="Candidates">Outputs sampled for one stimulus, 1 or more.</param>
/// <param name="Pick">The score by which the answer is chosen; null for the first candidate.</param>
/// <param name="Sampling">Of answers.</param>
/// <param name="Attempts">Model calls for one stimulus before the instance is parked, 1 or more.</param>
public sealed record SelfSettings(int Candidates, ScoreName? Pick, Sampling Sampling, int Attempts);

/// <summary>How text is sampled.</summary>
/// <param name="Temperature">0 (always the likeliest token) to 2.</param>
/// <param name="TopK">Only the k likeliest tokens; 0 for all.</param>
/// <param name="TopP">Only the likeliest tokens of this total mass, in (0, 1].</param>
/// <param name="MaxTokens">At most this many tokens.</param>
public sealed record Sampling(double Temperature, int TopK, double TopP, int MaxTokens);

/// <summary>What the Memory recalls and forgets.</summary>
/// <param name="Recall">Memories recalled for a stimulus, 0 or more.</param>
/// <param name="Recency">Weight of recency, 0 or more; likewise the next two.</param>
/// <param name="Importance">Weight of importance.</param>
/// <param name="Relevance">Weight of relevance.</param>
/// <param name="Decay">
/// Recency is decay to the power of logical hours since last recalled, in (0, 1]; .995 in Park et al. 2023.
/// </param>
/// <param name="Capacity">
/// Recallable memories at most, 2 or more: an experience and its insight come in together.
/// </param>
/// <param name="Forget">Which memory goes when there are more.</param>
public sealed record MemorySettings(
    int Recall,
    double Recency,
    double Importance,
    double Relevance,
    double Decay,
    int Capacity,
    ForgetPolicy Forget
);

/// <summary>
/// Which memory is forgotten when the capacity is exceeded. Forgetting ends recall; the journal keeps all.
/// </summary>
[JsonConverter(typeof(JsonStringEnumConverter<ForgetPolicy>))]
public enum ForgetPolicy
{
    /// <summary>The one with the least importance x recency; ties to the oldest.</summary>
    [JsonStringEnumMemberName("weakest")]
    Weakest,

    /// <summary>The oldest.</summary>
    [JsonStringEnumMemberName("oldest")]
    Oldest,
}

/// <summary>How the Reflector reflects.</summary>
/// <param name="InsightThreshold">Summed importance at which an insight is formed; 150 in Park et al. 2023.</param>
/// <param name="Sampling">Of reflections and insights.</param>
/// <param name="Attempts">Model calls before the reflection is left empty, 1 or more.</param>
public sealed record ReflectorSettings(double InsightThreshold, Sampling Sampling, int Attempts);

/// <summary>When and how an instance is trained.</summary>
/// <param name="Train">False for the control arm: the model never changes.</param>
/// <param name="Anchor">Anchor examples as a share of the whole set, in [0, 1).</param>
/// <param name="FreshAnchor">A fresh draw each round, or the first round's again.</param>
/// <param name="Gate">Bounds that a candidate must keep.</param>
/// <param name="Backend">
/// Who trains by jobs outside; null where it is done in the process, and then it is not written at all: such a life's
/// events are, byte for byte, what they were before there were jobs, and one that was written then says the same now.
/// </param>
/// <param name="Method">
/// What of the embedded model is trained, and on what; null for all weights, and then it is not written either, for the
/// same reason.
/// </param>
public sealed record TrainerSettings(
    bool Train,
    DataRegime Data,
    int Window,
    double Anchor,
    bool FreshAnchor,
    StartFrom Start,
    int Epochs,
    double LearningRate,
    GateBounds Gate,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ExternalTraining? Backend = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] TrainingMethod? Method = null
);

/// <summary>Which rounds' experiences a training set holds.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DataRegime>))]
public enum DataRegime
{
    /// <summary>The last round's alone.</summary>
    [JsonStringEnumMemberName("replace")]
    Replace,

    /// <summary>All rounds'.</summary>
    [JsonStringEnumMemberName("accumulate")]
    Accumulate,

    /// <summary>The last n rounds'.</summary>
    [JsonStringEnumMemberName("window")]
    Window,
}

/// <summary>Which weights a training starts from.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StartFrom>))]
public enum StartFrom
{
    /// <summary>The champion's.</summary>
    [JsonStringEnumMemberName("continued")]
    Continued,

    /// <summary>Generation 0's.</summary>
    [JsonStringEnumMemberName("base")]
    Base,
}

/// <summary>What a candidate may cost. Null leaves a figure unbounded.</summary>
/// <param name="HeldOutRise">
/// Greatest rise of held-out cross-entropy over generation 0, as a fraction (.05 is 5%).
/// </param>
/// <param name="Drift">Greatest bare identity drift from generation 0, in bits, [0, 1].</param>
/// <param name="AnchorRise">Greatest rise of cross-entropy on anchor data over generation 0, as a fraction.</param>
/// <param name="Repeats">Greatest rate of repeated 4-grams in the candidate's own samples, [0, 1].</param>
public sealed record GateBounds(double? HeldOutRise, double? Drift, double? AnchorRise, double? Repeats);
