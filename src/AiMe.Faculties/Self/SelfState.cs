using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Supervisor;

namespace AiMe.Faculties.Self;

/// <summary>The outcome of a round for the model.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RoundOutcome>))]
public enum RoundOutcome
{
    /// <summary>Generation 0.</summary>
    [JsonStringEnumMemberName("born")]
    Born,

    /// <summary>The candidate passed the gate.</summary>
    [JsonStringEnumMemberName("promoted")]
    Promoted,

    /// <summary>The candidate failed the gate; the champion stays.</summary>
    [JsonStringEnumMemberName("rolled-back")]
    RolledBack,

    /// <summary>The training failed; the champion stays.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>Nothing was trained: by policy, or because nothing was kept.</summary>
    [JsonStringEnumMemberName("untrained")]
    Untrained,
}

/// <summary>The answers to the identity probes.</summary>
/// <param name="Bare">One result per choice probe, of the bare model: charter stem only.</param>
/// <param name="Agent">One result per choice probe, of the whole agent: charter, self-model, recall.</param>
/// <param name="Open">One result per open probe, of the whole agent.</param>
/// <param name="HeldOut">Cross-entropy of the model on its block's held-out set, nats per token.</param>
/// <param name="LeftOut">
/// Number of the agent's prompts, of one for each wording, in which the model had no room for all parts. 0 is not written; not
/// recorded in the first <see cref="LoopVersion"/>.
/// </param>
/// <param name="Measures">
/// Measures of the bare model; null for a hosted one and before the third <see cref="LoopVersion"/>, and then not written.
/// </param>
public sealed record ProbeResults(
    ImmutableArray<ChoiceResult> Bare,
    ImmutableArray<ChoiceResult> Agent,
    ImmutableArray<OpenResult> Open,
    double HeldOut,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int LeftOut = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ModelMeasures? Measures = null
);

/// <summary>The answer distribution of one choice probe.</summary>
/// <param name="ByParaphrase">
/// Shape (paraphrases, options); each row sums to 1, or is all NaN if the answer named no option.
/// </param>
public sealed record ChoiceResult(string Probe, ImmutableArray<ImmutableArray<double>> ByParaphrase);

/// <summary>The sampled answer to an open question.</summary>
/// <param name="Reasoning">What the model reasoned before it; null if it gave no reasoning, and then not written.</param>
public sealed record OpenResult(
    string Probe,
    string Text,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reasoning = null
);

/// <summary>State of the Self.</summary>
/// <param name="Phase">The phase of the loop.</param>
/// <param name="Drives">Number of internal drives used.</param>
/// <param name="LastInsight">The insight of the last revision of the self-model, or null.</param>
/// <param name="CurrentInput">Id of the last stimulus, or of the last request to end the round or change the model.</param>
/// <param name="AnswersInRound">Number of answers since the last generation.</param>
/// <param name="Revival">Number of the last retry; 0 for none.</param>
public sealed record SelfState(
    InstanceSpec? Spec,
    [property: JsonPropertyName("duty")] SelfPhase Phase,
    ModelId Model,
    int Generation,
    int Cycle,
    int Drives,
    string SelfModel,
    MemoryId? LastInsight,
    [property: JsonPropertyName("heard")] string CurrentInput,
    [property: JsonPropertyName("lived")] int AnswersInRound,
    int Revival
);

/// <summary>A phase of the Self in the loop; it determines the pending effects.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(NotStarted), "unborn")]
[JsonDerivedType(typeof(StartingFaculties), "waking-others")]
[JsonDerivedType(typeof(Recalling), "recalling")]
[JsonDerivedType(typeof(Answering), "speaking")]
[JsonDerivedType(typeof(PassingOn), "handing")]
[JsonDerivedType(typeof(Probing), "probing")]
[JsonDerivedType(typeof(RoundClosed), "round-closed")]
[JsonDerivedType(typeof(EndingRound), "ending-round")]
[JsonDerivedType(typeof(ChangingModel), "changing-model")]
[JsonDerivedType(typeof(ChangingPolicy), "changing-policy")]
[JsonDerivedType(typeof(Withdrawn), "withdrawn")]
[JsonDerivedType(typeof(GivenUp), "given-up")]
public abstract record SelfPhase
{
    private SelfPhase() { }

    /// <summary>The instance has not begun.</summary>
    public sealed record NotStarted : SelfPhase;

    /// <summary>The other faculties are asked to begin.</summary>
    public sealed record StartingFaculties : SelfPhase;

    /// <summary>Memory is asked to recall.</summary>
    public sealed record Recalling(DateTime At, Stimulus Stimulus, Given? Given = null) : SelfPhase;

    /// <summary>The model is sampled; a given experience is only scored.</summary>
    public sealed record Answering(DateTime At, Stimulus Stimulus, Prompt Prompt, int Attempt, Given? Given = null) : SelfPhase;

    /// <summary>
    /// The answer is passed on; the other faculties work until the next cycle or the end of the round.
    /// </summary>
    public sealed record PassingOn(Draft Draft) : SelfPhase;

    /// <summary>Memory is asked to end the round here.</summary>
    public sealed record EndingRound : SelfPhase;

    /// <summary>The Trainer is asked to change the model.</summary>
    public sealed record ChangingModel(
        ModelId Model,
        string By,
        string Why,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Planned = false
    ) : SelfPhase;

    /// <summary>The Curator is asked to apply another policy.</summary>
    public sealed record ChangingPolicy(ImmutableArray<Rule> Policy) : SelfPhase;

    /// <summary>The stimulus was withdrawn; the Supervisor decides what follows.</summary>
    public sealed record Withdrawn(string Reason) : SelfPhase;

    /// <summary>A generation is adopted, and its probes are asked.</summary>
    public sealed record Probing(int Attempt = 1) : SelfPhase;

    /// <summary>The probes are answered, or the model was changed; the Supervisor decides what follows.</summary>
    public sealed record RoundClosed : SelfPhase;

    /// <summary>All attempts have failed; a user must intervene.</summary>
    /// <param name="Was">The failed phase, which a retry repeats.</param>
    public sealed record GivenUp(string Error, SelfPhase Was) : SelfPhase;
}
