using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Supervisor;

namespace AiMe.Faculties.Self;

/// <summary>Commands of the Self.</summary>
public abstract record SelfCommand : Command;

/// <summary>From the Supervisor: begin as a new instance.</summary>
public sealed record BeginSelf(InstanceSpec Spec) : SelfCommand;

/// <summary>From another faculty: it has begun.</summary>
public sealed record FacultyBegan(string Faculty) : SelfCommand;

/// <summary>From the Supervisor: run the next cycle.</summary>
/// <param name="At">Logical time in a planned run.</param>
/// <param name="Stimulus">The external stimulus; null for an internal cycle, which uses the next drive.</param>
/// <param name="Given">The given output and reflection; null if the model is to be sampled.</param>
public sealed record Live(int Cycle, DateTime At, Stimulus? Stimulus, Given? Given = null) : SelfCommand;

/// <summary>From the Supervisor: withdraw the stimulus of this cycle, if it is not answered yet.</summary>
public sealed record Withdraw(int Cycle, string Stimulus, string Reason) : SelfCommand;

/// <summary>From the Supervisor: end the round here, before it is full.</summary>
/// <param name="Cycle">The last cycle.</param>
/// <param name="Id">Id of this request; <see cref="CycleClosed"/> returns it.</param>
public sealed record CallRound(int Cycle, string Id) : SelfCommand;

/// <summary>From the Supervisor: a user requests another checkpoint of the instance's lineage.</summary>
/// <param name="Cycle">The last cycle.</param>
/// <param name="Id">Id of this request; <see cref="CycleClosed"/> returns it.</param>
public sealed record CallModel(int Cycle, string Id, ModelId Model, string By, string Why) : SelfCommand;

/// <summary>From the Supervisor: a user requests a retry after the instance had given up.</summary>
/// <param name="Revival">1-based number of the retry.</param>
public sealed record TryAgain(int Revival) : SelfCommand;

/// <summary>From the lab: this is a fork from here on, with the history of its parent up to now.</summary>
/// <param name="Parent">Name of the parent in its run.</param>
/// <param name="Index">Index of the last shared event.</param>
/// <param name="Rests">Whether the fork only runs on inputs; else it continues the plan.</param>
/// <param name="Changed">The fork's settings; null for those of its parent.</param>
/// <param name="Given">
/// The parent's next event, if the copy ends between a stimulus and its given experience; else null.
/// </param>
public sealed record BecomeFork(string Name, string Parent, long Index, Heads Heads, bool Rests, InstanceSettings? Changed, Given? Given)
    : SelfCommand,
        IStamped
{
    /// <inheritdoc />
    public Command Stamp(string instance, Heads heads) => this with { Heads = heads };
}

/// <summary>From Memory: the recalled memories, one list per query, and the newest insight.</summary>
public sealed record RecallFound(RecallFor For, ImmutableArray<ImmutableArray<Hit>> Hits, Insight? Newest) : SelfCommand;

/// <summary>Effect result: candidate answers.</summary>
public sealed record AnswerGenerated(int Cycle, int Attempt, ImmutableArray<Candidate> Candidates) : SelfCommand;

/// <summary>Effect result: the answer failed.</summary>
public sealed record AnswerFailed(int Cycle, int Attempt, string Error) : SelfCommand;

/// <summary>
/// From the Trainer: a round has ended, and this model is the champion (possibly the same as before).
/// </summary>
/// <param name="Appointment">
/// Id of the user's request for a model that this answers; null at the end of a round.
/// </param>
public sealed record Adopt(int Generation, ModelId Model, RoundOutcome Outcome, string? Appointment = null) : SelfCommand;

/// <summary>Effect result: the probes' answers.</summary>
public sealed record ProbesAnswered(int Generation, ProbeResults Results, Heads Heads) : SelfCommand, IStamped
{
    /// <inheritdoc />
    public Command Stamp(string instance, Heads heads) => this with { Heads = heads };
}

/// <summary>Effect result: the probes failed.</summary>
public sealed record ProbesFailed(int Generation, int Attempt, string Error) : SelfCommand;

/// <summary>Events of the Self.</summary>
public abstract record SelfEvent : Event;

/// <summary>The instance began.</summary>
[Manifest("self.began")]
public sealed record SelfBegan(InstanceSpec Spec) : SelfEvent;

/// <summary>A cycle began with a stimulus or a drive.</summary>
[Manifest("self.heard")]
public sealed record Heard(int Cycle, DateTime At, Stimulus Stimulus) : SelfEvent;

/// <summary>
/// The experience of this cycle was given from outside: no model is sampled for the answer or the reflection.
/// </summary>
[Manifest("self.given")]
public sealed record ExperienceGiven(int Cycle, Given Given) : SelfEvent;

/// <summary>The stimulus of this cycle was withdrawn before it was answered: the cycle leaves no experience.</summary>
[Manifest("self.withdrew")]
public sealed record Withdrew(int Cycle, string Reason) : SelfEvent;

/// <summary>The round is to end after this cycle, before it is full.</summary>
[Manifest("self.round-called")]
public sealed record RoundCalled(int Cycle, string Id) : SelfEvent;

/// <summary>A user requested another model between two cycles; the Trainer decides.</summary>
[Manifest("self.model-called")]
public sealed record ModelCalled(int Cycle, string Id, ModelId Model, string By, string Why) : SelfEvent;

/// <summary>The Trainer answered the request: this model is used from now on, in the same generation.</summary>
/// <remarks>
/// The model is unchanged if it was requested, or if the requested one does not belong to the lineage.
/// </remarks>
[Manifest("self.model-changed")]
public sealed record ModelChanged(int Cycle, string Id, ModelId Model) : SelfEvent;

/// <summary>The Self, which had given up, retries.</summary>
[Manifest("self.tried-again")]
public sealed record TriedAgain(int Cycle, int Revival) : SelfEvent;

/// <summary>This is a fork from here on. The events before are copies of its parent's, with the same links.</summary>
/// <param name="Name">Name of the fork.</param>
/// <param name="Index">Index of the last shared event.</param>
/// <param name="Heads">The heads of the five streams at that event.</param>
/// <param name="Rests">Whether the fork only runs on inputs; else it continues the plan.</param>
/// <param name="Changed">
/// The fork's settings; null if unchanged. The other faculties record theirs in their own events.
/// </param>
[Manifest("self.forked", version: 2)] // in version 1 every fork rested, with its parent's settings
public sealed record Forked(string Name, string Parent, long Index, Heads Heads, bool Rests, InstanceSettings? Changed) : SelfEvent;

/// <summary>The self-model was revised because of an insight.</summary>
[Manifest("self.revised")]
public sealed record SelfModelRevised(string Text, MemoryId Because) : SelfEvent;

/// <summary>The prompt was composed from charter, self-model, recalled memories and stimulus.</summary>
[Manifest("self.prompted")]
public sealed record Prompted(int Cycle, ModelId Model, Prompt Prompt) : SelfEvent;

/// <summary>The Self chose an answer.</summary>
/// <param name="Chosen">Index of the answer among the candidates.</param>
[Manifest("self.answered")]
public sealed record Answered(int Cycle, ImmutableArray<Candidate> Candidates, int Chosen) : SelfEvent
{
    /// <summary>The candidates whose text differs from the answer's, each text once, with their indices.</summary>
    [JsonIgnore]
    public IEnumerable<(int Index, Candidate Candidate)> Others =>
        Candidates.Index().Where(c => c.Item.Text != Candidates[Chosen].Text).DistinctBy(c => c.Item.Text, StringComparer.Ordinal);
}

/// <summary>A model call failed. The error never becomes text of an experience.</summary>
[Manifest("self.generation-failed")]
public sealed record GenerationFailed(int Cycle, int Attempt, string Error) : SelfEvent;

/// <summary>A generation was reached; this model is used from now on.</summary>
[Manifest("self.adopted")]
public sealed record Adopted(int Generation, ModelId Model, RoundOutcome Outcome) : SelfEvent;

/// <summary>The identity probes were answered. This closes the round; for generation 0, the birth.</summary>
/// <param name="Heads">The heads of the five streams before this event; an anchor.</param>
[Manifest("self.probed")]
public sealed record Probed(int Generation, ModelId Model, string SelfModel, ProbeResults Results, Heads Heads) : SelfEvent;

/// <summary>The probes failed. They are repeated, or the instance is parked.</summary>
[Manifest("self.probing-failed")]
public sealed record ProbingFailed(int Generation, int Attempt, string Error) : SelfEvent;

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
public sealed record ProbeResults(
    ImmutableArray<ChoiceResult> Bare,
    ImmutableArray<ChoiceResult> Agent,
    ImmutableArray<OpenResult> Open,
    double HeldOut
);

/// <summary>The answer distribution of one choice probe.</summary>
/// <param name="ByParaphrase">
/// Shape (paraphrases, options); each row sums to 1, or is all NaN if the answer named no option.
/// </param>
public sealed record ChoiceResult(string Probe, ImmutableArray<ImmutableArray<double>> ByParaphrase);

/// <summary>The sampled answer to an open question.</summary>
public sealed record OpenResult(string Probe, string Text);

/// <summary>State of the Self.</summary>
/// <param name="Phase">The phase of the loop.</param>
/// <param name="Drives">Number of internal drives used.</param>
/// <param name="LastInsight">The insight of the last revision of the self-model, or null.</param>
/// <param name="Heard">Id of the last stimulus, or of the last request to end the round or change the model.</param>
/// <param name="Lived">Number of answers since the last generation.</param>
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
    string Heard,
    int Lived,
    int Revival
);

/// <summary>A phase of the Self in the loop; it determines the pending effects.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(Unborn), "unborn")]
[JsonDerivedType(typeof(WakingOthers), "waking-others")]
[JsonDerivedType(typeof(Recalling), "recalling")]
[JsonDerivedType(typeof(Speaking), "speaking")]
[JsonDerivedType(typeof(Handing), "handing")]
[JsonDerivedType(typeof(Probing), "probing")]
[JsonDerivedType(typeof(RoundClosed), "round-closed")]
[JsonDerivedType(typeof(EndingRound), "ending-round")]
[JsonDerivedType(typeof(ChangingModel), "changing-model")]
[JsonDerivedType(typeof(Withdrawn), "withdrawn")]
[JsonDerivedType(typeof(GivenUp), "given-up")]
public abstract record SelfPhase
{
    private SelfPhase() { }

    /// <summary>The instance has not begun.</summary>
    public sealed record Unborn : SelfPhase;

    /// <summary>The other faculties are asked to begin.</summary>
    public sealed record WakingOthers : SelfPhase;

    /// <summary>Memory is asked to recall.</summary>
    public sealed record Recalling(DateTime At, Stimulus Stimulus, Given? Given = null) : SelfPhase;

    /// <summary>The model is sampled; a given experience is only scored.</summary>
    public sealed record Speaking(DateTime At, Stimulus Stimulus, Prompt Prompt, int Attempt, Given? Given = null) : SelfPhase;

    /// <summary>
    /// The answer is passed on; the other faculties work until the next cycle or the end of the round.
    /// </summary>
    public sealed record Handing(Draft Draft) : SelfPhase;

    /// <summary>Memory is asked to end the round here.</summary>
    public sealed record EndingRound : SelfPhase;

    /// <summary>The Trainer is asked to change the model.</summary>
    public sealed record ChangingModel(ModelId Model, string By, string Why) : SelfPhase;

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
