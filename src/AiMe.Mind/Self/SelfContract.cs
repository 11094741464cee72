using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AiMe.Kernel;

namespace AiMe.Mind;

/// <summary>What the Self can be asked.</summary>
public abstract record SelfCommand : Command;

/// <summary>From the Supervisor: be born.</summary>
public sealed record BeginSelf(InstanceSpec Spec) : SelfCommand;

/// <summary>From another faculty: it has begun.</summary>
public sealed record FacultyBegan(string Faculty) : SelfCommand;

/// <summary>From the Supervisor: live the next cycle.</summary>
/// <param name="At">Logical time in a planned run.</param>
/// <param name="Stimulus">What arrives, or null for an internal turn, in which the Self takes its next drive.</param>
public sealed record Live(int Cycle, DateTime At, Stimulus? Stimulus) : SelfCommand;

/// <summary>From Memory: what was recalled, one list a query, and the newest insight.</summary>
public sealed record RecallFound(RecallFor For, ImmutableArray<ImmutableArray<Hit>> Hits, Insight? Newest) : SelfCommand;

/// <summary>From the world: candidate answers.</summary>
public sealed record AnswerGenerated(int Cycle, int Attempt, ImmutableArray<Candidate> Candidates) : SelfCommand;

/// <summary>From the world: no answer could be had.</summary>
public sealed record AnswerFailed(int Cycle, int Attempt, string Error) : SelfCommand;

/// <summary>From the Trainer: a round is over; this model is the champion now (it may be the one before).</summary>
public sealed record Adopt(int Generation, ModelId Model, RoundOutcome Outcome) : SelfCommand;

/// <summary>From the world: the probes' answers.</summary>
public sealed record ProbesAnswered(int Generation, ProbeResults Results, Heads Heads) : SelfCommand, IAnchored
{
    /// <inheritdoc />
    public Command At(Heads heads) => this with { Heads = heads };
}

/// <summary>What happened to the Self.</summary>
public abstract record SelfEvent : Event;

/// <summary>The instance was born.</summary>
[Manifest("self.began")]
public sealed record SelfBegan(InstanceSpec Spec) : SelfEvent;

/// <summary>A stimulus or a drive was taken up.</summary>
[Manifest("self.heard")]
public sealed record Heard(int Cycle, DateTime At, Stimulus Stimulus) : SelfEvent;

/// <summary>The self-model was revised because of an insight.</summary>
[Manifest("self.revised")]
public sealed record SelfModelRevised(string Text, MemoryId Because) : SelfEvent;

/// <summary>The prompt was composed from charter, self-model, recalled memories and stimulus.</summary>
[Manifest("self.prompted")]
public sealed record Prompted(int Cycle, ModelId Model, Prompt Prompt) : SelfEvent;

/// <summary>The Self answered.</summary>
/// <param name="Chosen">Index of the answer among the candidates.</param>
[Manifest("self.answered")]
public sealed record Answered(int Cycle, ImmutableArray<Candidate> Candidates, int Chosen) : SelfEvent;

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

/// <summary>How a round ended for the model.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RoundOutcome>))]
public enum RoundOutcome
{
    /// <summary>Generation 0.</summary>
    [JsonStringEnumMemberName("born")] Born,

    /// <summary>The candidate passed the gate.</summary>
    [JsonStringEnumMemberName("promoted")] Promoted,

    /// <summary>The candidate failed the gate; the champion stays.</summary>
    [JsonStringEnumMemberName("rolled-back")] RolledBack,

    /// <summary>The training itself failed; the champion stays.</summary>
    [JsonStringEnumMemberName("failed")] Failed,

    /// <summary>Nothing was trained: by policy, or because nothing was kept.</summary>
    [JsonStringEnumMemberName("untrained")] Untrained,
}

/// <summary>The answers to the probe battery.</summary>
/// <param name="Bare">Per choice probe, of the bare model: charter stem only.</param>
/// <param name="Agent">Per choice probe, of the whole agent: charter, self-model, recall.</param>
/// <param name="Open">Per open probe, of the whole agent.</param>
/// <param name="HeldOut">Cross-entropy of the model on its block's held-out set, nats per token.</param>
public sealed record ProbeResults(ImmutableArray<ChoiceResult> Bare, ImmutableArray<ChoiceResult> Agent, ImmutableArray<OpenResult> Open, double HeldOut);

/// <summary>The answer distribution of one choice probe.</summary>
/// <param name="ByParaphrase">Shape (paraphrases, options); each row sums to 1.</param>
public sealed record ChoiceResult(string Probe, ImmutableArray<ImmutableArray<double>> ByParaphrase);

/// <summary>The sampled answer to an open question.</summary>
public sealed record OpenResult(string Probe, string Text);

/// <summary>What the Self knows of itself.</summary>
/// <param name="Duty">Where in the loop it stands.</param>
/// <param name="Drives">Internal drives taken so far.</param>
/// <param name="LastInsight">The insight that the self-model has taken up most lately, or null.</param>
public sealed record SelfState(InstanceSpec? Spec, SelfDuty Duty, ModelId Model, int Generation, int Cycle, int Drives, string SelfModel, MemoryId? LastInsight);

/// <summary>What the Self owes, by where in the loop it stands.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(Unborn), "unborn")]
[JsonDerivedType(typeof(WakingOthers), "waking-others")]
[JsonDerivedType(typeof(Recalling), "recalling")]
[JsonDerivedType(typeof(Speaking), "speaking")]
[JsonDerivedType(typeof(Handing), "handing")]
[JsonDerivedType(typeof(Probing), "probing")]
[JsonDerivedType(typeof(RoundClosed), "round-closed")]
[JsonDerivedType(typeof(GivenUp), "given-up")]
public abstract record SelfDuty
{
    private SelfDuty()
    {
    }

    /// <summary>Nothing has happened yet.</summary>
    public sealed record Unborn : SelfDuty;

    /// <summary>The other faculties are to begin.</summary>
    public sealed record WakingOthers : SelfDuty;

    /// <summary>Memory is asked.</summary>
    public sealed record Recalling(DateTime At, Stimulus Stimulus) : SelfDuty;

    /// <summary>The model is asked.</summary>
    public sealed record Speaking(DateTime At, Stimulus Stimulus, Prompt Prompt, int Attempt) : SelfDuty;

    /// <summary>The answer is handed on, and with it the turn, until the next cycle or the round's end.</summary>
    public sealed record Handing(Draft Draft) : SelfDuty;

    /// <summary>A generation is adopted; its probes are asked.</summary>
    public sealed record Probing : SelfDuty;

    /// <summary>The probes are answered; the Supervisor has the turn.</summary>
    public sealed record RoundClosed : SelfDuty;

    /// <summary>The model gave no answer in all attempts; a person is needed.</summary>
    public sealed record GivenUp(string Error) : SelfDuty;
}
