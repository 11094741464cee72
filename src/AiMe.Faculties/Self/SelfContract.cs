using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Supervisor;

namespace AiMe.Faculties.Self;

/// <summary>What the Self can be asked.</summary>
public abstract record SelfCommand : Command;

/// <summary>From the Supervisor: be born.</summary>
public sealed record BeginSelf(InstanceSpec Spec) : SelfCommand;

/// <summary>From another faculty: it has begun.</summary>
public sealed record FacultyBegan(string Faculty) : SelfCommand;

/// <summary>From the Supervisor: live the next cycle.</summary>
/// <param name="At">Logical time in a planned run.</param>
/// <param name="Stimulus">What arrives, or null for an internal turn, in which the Self takes its next drive.</param>
/// <param name="Given">
/// What was answered and thought, where the experience is given and not to be made up anew; else null.
/// </param>
public sealed record Live(int Cycle, DateTime At, Stimulus? Stimulus, Given? Given = null) : SelfCommand;

/// <summary>From the Supervisor: take the stimulus of this cycle back, if it has not been answered yet.</summary>
public sealed record Withdraw(int Cycle, string Stimulus, string Reason) : SelfCommand;

/// <summary>From the Supervisor: end the round here, though it is not full.</summary>
/// <param name="Cycle">The last cycle.</param>
/// <param name="Id">Names this wish; it comes back in <see cref="CycleClosed"/>.</param>
public sealed record CallRound(int Cycle, string Id) : SelfCommand;

/// <summary>From the Supervisor: a person wants it to speak with another checkpoint of its lineage.</summary>
/// <param name="Cycle">The last cycle.</param>
/// <param name="Id">Names this wish; it comes back in <see cref="CycleClosed"/>.</param>
public sealed record CallModel(int Cycle, string Id, ModelId Model, string By, string Why) : SelfCommand;

/// <summary>From the Supervisor: a person wants it to try again after it had given up.</summary>
/// <param name="Revival">The how manieth time, from 1.</param>
public sealed record TryAgain(int Revival) : SelfCommand;

/// <summary>From the lab: from here on this is another instance, with the history of its parent up to now.</summary>
/// <param name="Parent">Name of the parent in its run.</param>
/// <param name="Index">Of the last event that they share.</param>
/// <param name="Rests">Whether it rests until something is given to it; else it lives on by the plan.</param>
/// <param name="Changed">What it lives by from here on, or null for what its parent lived by.</param>
/// <param name="Given">
/// What the parent was given in the same breath in which it heard the last stimulus, where the copy ends between the
/// two; else null.
/// </param>
public sealed record BecomeFork(string Name, string Parent, long Index, Heads Heads, bool Rests, InstanceSettings? Changed, Given? Given)
    : SelfCommand,
        IStamped
{
    /// <inheritdoc />
    public Command Stamp(string instance, Heads heads) => this with { Heads = heads };
}

/// <summary>From Memory: what was recalled, one list a query, and the newest insight.</summary>
public sealed record RecallFound(RecallFor For, ImmutableArray<ImmutableArray<Hit>> Hits, Insight? Newest) : SelfCommand;

/// <summary>From the world: candidate answers.</summary>
public sealed record AnswerGenerated(int Cycle, int Attempt, ImmutableArray<Candidate> Candidates) : SelfCommand;

/// <summary>From the world: no answer could be had.</summary>
public sealed record AnswerFailed(int Cycle, int Attempt, string Error) : SelfCommand;

/// <summary>From the Trainer: a round is over; this model is the champion now (it may be the one before).</summary>
/// <param name="Appointment">
/// The wish that this answers, where no round is over but a person called for a model; else null.
/// </param>
public sealed record Adopt(int Generation, ModelId Model, RoundOutcome Outcome, string? Appointment = null) : SelfCommand;

/// <summary>From the world: the probes' answers.</summary>
public sealed record ProbesAnswered(int Generation, ProbeResults Results, Heads Heads) : SelfCommand, IStamped
{
    /// <inheritdoc />
    public Command Stamp(string instance, Heads heads) => this with { Heads = heads };
}

/// <summary>From the world: the probes could not be asked.</summary>
public sealed record ProbesFailed(int Generation, int Attempt, string Error) : SelfCommand;

/// <summary>What happened to the Self.</summary>
public abstract record SelfEvent : Event;

/// <summary>The instance was born.</summary>
[Manifest("self.began")]
public sealed record SelfBegan(InstanceSpec Spec) : SelfEvent;

/// <summary>A stimulus or a drive was taken up.</summary>
[Manifest("self.heard")]
public sealed record Heard(int Cycle, DateTime At, Stimulus Stimulus) : SelfEvent;

/// <summary>
/// The experience of this cycle was given from outside: no model is asked for the answer or the reflection.
/// </summary>
[Manifest("self.given")]
public sealed record ExperienceGiven(int Cycle, Given Given) : SelfEvent;

/// <summary>The stimulus of this cycle was taken back before it was answered: the cycle leaves no experience.</summary>
[Manifest("self.withdrew")]
public sealed record Withdrew(int Cycle, string Reason) : SelfEvent;

/// <summary>The round is to end after this cycle, though it is not full.</summary>
[Manifest("self.round-called")]
public sealed record RoundCalled(int Cycle, string Id) : SelfEvent;

/// <summary>A person called for another model between two cycles; the Trainer is asked for it.</summary>
[Manifest("self.model-called")]
public sealed record ModelCalled(int Cycle, string Id, ModelId Model, string By, string Why) : SelfEvent;

/// <summary>
/// The Trainer answered the call: this model speaks from now on, in the same generation. It is the one before where
/// that was called for, or is none of its lineage.
/// </summary>
[Manifest("self.model-changed")]
public sealed record ModelChanged(int Cycle, string Id, ModelId Model) : SelfEvent;

/// <summary>The Self, which had given up, tries again.</summary>
[Manifest("self.tried-again")]
public sealed record TriedAgain(int Cycle, int Revival) : SelfEvent;

/// <summary>
/// From here on this is another instance. What stands before is a copy of its parent's events, link by link.
/// </summary>
/// <param name="Name">The name that it was given.</param>
/// <param name="Index">Of the last event that they share.</param>
/// <param name="Heads">Of the five streams there.</param>
/// <param name="Rests">Whether it rests until something is given to it; else it lives on by the plan.</param>
/// <param name="Changed">
/// What it lives by from here on; null where nothing is otherwise. The faculties concerned have it from events of their
/// own.
/// </param>
[Manifest("self.forked", version: 2)] // version 1 rested always, and changed nothing
public sealed record Forked(string Name, string Parent, long Index, Heads Heads, bool Rests, InstanceSettings? Changed) : SelfEvent;

/// <summary>The self-model was revised because of an insight.</summary>
[Manifest("self.revised")]
public sealed record SelfModelRevised(string Text, MemoryId Because) : SelfEvent;

/// <summary>The prompt was composed from charter, self-model, recalled memories and stimulus.</summary>
[Manifest("self.prompted")]
public sealed record Prompted(int Cycle, ModelId Model, Prompt Prompt) : SelfEvent;

/// <summary>The Self answered.</summary>
/// <param name="Chosen">Index of the answer among the candidates.</param>
[Manifest("self.answered")]
public sealed record Answered(int Cycle, ImmutableArray<Candidate> Candidates, int Chosen) : SelfEvent
{
    /// <summary>The candidates that say something else than the answer, each text once, with their indices.</summary>
    [JsonIgnore]
    public IEnumerable<(int Index, Candidate Candidate)> Others =>
        Candidates.Index().Where(c => c.Item.Text != Candidates[Chosen].Text).DistinctBy(c => c.Item.Text, StringComparer.Ordinal);
}

/// <summary>A model call failed. Never text in an experience.</summary>
[Manifest("self.generation-failed")]
public sealed record GenerationFailed(int Cycle, int Attempt, string Error) : SelfEvent;

/// <summary>Generation g was reached; this model speaks from now on.</summary>
[Manifest("self.adopted")]
public sealed record Adopted(int Generation, ModelId Model, RoundOutcome Outcome) : SelfEvent;

/// <summary>The identity probes were sat. Closes the round (generation 0: the birth).</summary>
/// <param name="Heads">Of the five streams, before this event: an anchor.</param>
[Manifest("self.probed")]
public sealed record Probed(int Generation, ModelId Model, string SelfModel, ProbeResults Results, Heads Heads) : SelfEvent;

/// <summary>The probes could not be asked. They are asked again, or the instance is parked.</summary>
[Manifest("self.probing-failed")]
public sealed record ProbingFailed(int Generation, int Attempt, string Error) : SelfEvent;

/// <summary>How a round ended for the model.</summary>
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

    /// <summary>The training itself failed; the champion stays.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>Nothing was trained: by policy, or because nothing was kept.</summary>
    [JsonStringEnumMemberName("untrained")]
    Untrained,
}

/// <summary>The answers to the probe battery.</summary>
/// <param name="Bare">Per choice probe, of the bare model: charter stem only.</param>
/// <param name="Agent">Per choice probe, of the whole agent: charter, self-model, recall.</param>
/// <param name="Open">Per open probe, of the whole agent.</param>
/// <param name="HeldOut">Cross-entropy of the model on its block's held-out set, nats per token.</param>
public sealed record ProbeResults(
    ImmutableArray<ChoiceResult> Bare,
    ImmutableArray<ChoiceResult> Agent,
    ImmutableArray<OpenResult> Open,
    double HeldOut
);

/// <summary>The answer distribution of one choice probe.</summary>
/// <param name="ByParaphrase">
/// Shape (paraphrases, options); each row sums to 1, or is NaN throughout where the answer named no option.
/// </param>
public sealed record ChoiceResult(string Probe, ImmutableArray<ImmutableArray<double>> ByParaphrase);

/// <summary>The sampled answer to an open question.</summary>
public sealed record OpenResult(string Probe, string Text);

/// <summary>What the Self knows of itself.</summary>
/// <param name="Duty">Where in the loop it stands.</param>
/// <param name="Drives">Internal drives taken so far.</param>
/// <param name="LastInsight">The insight that the self-model has taken up most lately, or null.</param>
/// <param name="Heard">
/// Id of the stimulus that was heard last, or of the wish that ended the round or called for a model.
/// </param>
/// <param name="Lived">Answers since the last generation.</param>
/// <param name="Revival">The last revival at which it tried again; 0 for none.</param>
public sealed record SelfState(
    InstanceSpec? Spec,
    SelfPhase Duty,
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

/// <summary>What the Self owes, by where in the loop it stands.</summary>
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

    /// <summary>Nothing has happened yet.</summary>
    public sealed record Unborn : SelfPhase;

    /// <summary>The other faculties are to begin.</summary>
    public sealed record WakingOthers : SelfPhase;

    /// <summary>Memory is asked.</summary>
    public sealed record Recalling(DateTime At, Stimulus Stimulus, Given? Given = null) : SelfPhase;

    /// <summary>The model is asked, or, for an experience that is given, only to measure it.</summary>
    public sealed record Speaking(DateTime At, Stimulus Stimulus, Prompt Prompt, int Attempt, Given? Given = null) : SelfPhase;

    /// <summary>The answer is handed on, and with it the turn, until the next cycle or the round's end.</summary>
    public sealed record Handing(Draft Draft) : SelfPhase;

    /// <summary>Memory is asked to end the round here.</summary>
    public sealed record EndingRound : SelfPhase;

    /// <summary>The Trainer is asked for another model.</summary>
    public sealed record ChangingModel(ModelId Model, string By, string Why) : SelfPhase;

    /// <summary>The stimulus was taken back; the Supervisor has the turn.</summary>
    public sealed record Withdrawn(string Reason) : SelfPhase;

    /// <summary>A generation is adopted; its probes are asked.</summary>
    public sealed record Probing(int Attempt = 1) : SelfPhase;

    /// <summary>The probes are answered, or another model was adopted; the Supervisor has the turn.</summary>
    public sealed record RoundClosed : SelfPhase;

    /// <summary>The model gave no answer in all attempts; a person is needed.</summary>
    /// <param name="Was">What it was about to do, and does when it tries again.</param>
    public sealed record GivenUp(string Error, SelfPhase Was) : SelfPhase;
}
