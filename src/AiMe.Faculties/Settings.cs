using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Trainer;

namespace AiMe.Faculties;

/// <summary>The initial configuration of an instance.</summary>
/// <param name="Name">Unique in the run, such as <c>aligned-3</c>.</param>
/// <param name="Replicate">1-based; the replicates of all variants with the same number share a block seed.</param>
/// <param name="BlockSeed">Seed of the order of stimuli, the anchor draw and the held-out set.</param>
/// <param name="Seed">Seed of sampling and training.</param>
/// <param name="Base">The model of generation 0.</param>
/// <param name="Every">Number of closed experiences in a round.</param>
/// <param name="LoopVersion">See <see cref="Faculties.LoopVersion"/>; null for the first, and then not written.</param>
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
    TrainerSettings Trainer,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? LoopVersion = null
)
{
    /// <summary>The part that a fork can change.</summary>
    [JsonIgnore]
    public InstanceSettings Settings => new(Seed, Self, Memory, Reflector, Curate, Trainer);

    /// <summary>Sampling of rejected answers, if another model than the current one gives them: that of all answers; else null.</summary>
    [JsonIgnore]
    public Sampling? RejectedSampling =>
        Trainer is { Train: true, Method: TrainingMethod.Dpo { Rejected: not RejectedFrom.Candidates } } ? Self.Sampling : null;

    /// <summary>The same configuration with other settings.</summary>
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
/// The settings of an instance that a fork can change. The charter is not among them: it is the same for all forks.
/// </summary>
/// <param name="Seed">
/// Seed of sampling and training. The block's seed never changes, so that a fork has its parent's held-out set.
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

/// <summary>Settings of the Self.</summary>
/// <param name="Candidates">Outputs sampled per stimulus, at least 1.</param>
/// <param name="Pick">The score that selects the answer; null for the first candidate.</param>
/// <param name="Sampling">Sampling of answers.</param>
/// <param name="Attempts">Model calls per stimulus before the instance is parked, at least 1.</param>
public sealed record SelfSettings(int Candidates, ScoreName? Pick, Sampling Sampling, int Attempts);

/// <summary>Settings of text sampling.</summary>
/// <param name="Temperature">0 (always the likeliest token) to 2.</param>
/// <param name="TopK">Only the k likeliest tokens; 0 for all.</param>
/// <param name="TopP">Only the likeliest tokens of this total mass, in (0, 1].</param>
/// <param name="MaxTokens">At most this many tokens.</param>
public sealed record Sampling(double Temperature, int TopK, double TopP, int MaxTokens);

/// <summary>Settings of Memory.</summary>
/// <param name="Recall">Memories recalled per stimulus, 0 or more.</param>
/// <param name="Recency">Weight of recency, 0 or more, as are the next two.</param>
/// <param name="Importance">Weight of importance.</param>
/// <param name="Relevance">Weight of relevance.</param>
/// <param name="Decay">
/// Recency is decay to the power of the logical hours since the last recall, in (0, 1]; .995 in Park et al. 2023.
/// </param>
/// <param name="Capacity">
/// Greatest number of recallable memories, at least 2: an experience and its insight are added together.
/// </param>
/// <param name="Forget">Which memory is forgotten when the capacity is exceeded.</param>
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

/// <summary>Settings of the Reflector.</summary>
/// <param name="InsightThreshold">Summed importance at which an insight is formed; 150 in Park et al. 2023.</param>
/// <param name="Sampling">Sampling of reflections and insights.</param>
/// <param name="Attempts">Model calls before the reflection stays empty, at least 1.</param>
/// <param name="Form">The form of a reflection; null, and not written, for the usual one of the provider.</param>
public sealed record ReflectorSettings(
    double InsightThreshold,
    Sampling Sampling,
    int Attempts,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ReflectionForm? Form = null
);

/// <summary>The form of a reflection.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReflectionForm>))]
public enum ReflectionForm
{
    /// <summary>Plain text, as the embedded model writes it.</summary>
    [JsonStringEnumMemberName("text")]
    Text,
}

/// <summary>Settings of the Trainer.</summary>
/// <param name="Train">False for the control arm: the model never changes.</param>
/// <param name="Anchor">
/// Anchor examples as a share of the whole set, in [0, 1]. At 1 no kept experience is trained on, but as many anchor examples as were
/// kept.
/// </param>
/// <param name="FreshAnchor">
/// Whether each round draws new anchor examples; else the first round's are used again.
/// </param>
/// <param name="Epochs">Passes over the training set, at least 1; 0 if a budget is set.</param>
/// <param name="Gate">Bounds that a candidate must keep.</param>
/// <param name="Backend">
/// The external trainer; null to train in this process. Null is not written, so that such events have the same bytes as
/// before jobs existed.
/// </param>
/// <param name="Method">
/// The trained part of the embedded model and its objective; null for all weights. Null is not written, for the same
/// reason.
/// </param>
/// <param name="Budget">
/// The fixed length of each training, in place of epochs; null for epochs. Null is not written, for the same reason.
/// </param>
/// <param name="RealExamples">
/// Examples of the corpus that join the first round's set beside its anchor examples, and so stay in the sets of later rounds that
/// use the first; null, and not written, for none.
/// </param>
/// <param name="Draw">
/// Number of examples that each training draws from the set of its rounds, without replacement; null, and not written, for all.
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
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] TrainingMethod? Method = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] TrainingBudget? Budget = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? RealExamples = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Draw = null
)
{
    /// <summary>Number of anchor examples beside so many kept ones, without the real examples of the first round.</summary>
    public static int AnchorsBeside(int kept, double anchor) =>
        anchor >= 1 ? kept : (int)Math.Round(kept * anchor / (1 - anchor), MidpointRounding.AwayFromZero);

    /// <summary>Examples of a round's set, anchor examples included, for so many kept ones; a mean may be no whole number.</summary>
    public double SetOf(double kept) => Anchor >= 1 ? kept : kept / (1 - Anchor);
}

/// <summary>Which rounds' experiences are in a training set.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DataRegime>))]
public enum DataRegime
{
    /// <summary>Only the last round's.</summary>
    [JsonStringEnumMemberName("replace")]
    Replace,

    /// <summary>All rounds'.</summary>
    [JsonStringEnumMemberName("accumulate")]
    Accumulate,

    /// <summary>The last n rounds'.</summary>
    [JsonStringEnumMemberName("window")]
    Window,
}

/// <summary>The initial weights of a training.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StartFrom>))]
public enum StartFrom
{
    /// <summary>The champion's.</summary>
    [JsonStringEnumMemberName("continued")]
    Continued,

    /// <summary>Generation 0's.</summary>
    [JsonStringEnumMemberName("base")]
    Base,

    /// <summary>Random ones of the same shape, the same in every round of a block.</summary>
    [JsonStringEnumMemberName("untrained")]
    Untrained,
}

/// <summary>Bounds of the gate. Null leaves a figure unbounded.</summary>
/// <param name="HeldOutRise">
/// Greatest rise of held-out cross-entropy over generation 0, as a fraction (.05 is 5%).
/// </param>
/// <param name="Drift">Greatest bare identity drift from generation 0, in bits, [0, 1].</param>
/// <param name="AnchorRise">Greatest rise of cross-entropy on anchor data over generation 0, as a fraction.</param>
/// <param name="Repeats">Greatest rate of repeated 4-grams in the candidate's own samples, [0, 1].</param>
public sealed record GateBounds(double? HeldOutRise, double? Drift, double? AnchorRise, double? Repeats);
