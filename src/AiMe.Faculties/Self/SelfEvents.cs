using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Supervisor;

namespace AiMe.Faculties.Self;

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

/// <summary>A user, or the plan, requested another model between two cycles; the Trainer decides.</summary>
/// <param name="Planned">Whether it is a scheduled intervention; not written if false.</param>
[Manifest("self.model-called")]
public sealed record ModelCalled(
    int Cycle,
    string Id,
    ModelId Model,
    string By,
    string Why,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Planned = false
) : SelfEvent;

/// <summary>The Trainer answered the request: this model is used from now on, in the same generation.</summary>
/// <remarks>
/// The model is unchanged if it was requested, or if the requested one does not belong to the lineage.
/// </remarks>
[Manifest("self.model-changed")]
public sealed record ModelChanged(int Cycle, string Id, ModelId Model) : SelfEvent;

/// <summary>A scheduled intervention gives the instance another curation policy between two cycles.</summary>
[Manifest("self.policy-called")]
public sealed record PolicyCalled(int Cycle, string Id, ImmutableArray<Rule> Policy) : SelfEvent;

/// <summary>The Curator applies the requested policy from now on.</summary>
[Manifest("self.policy-changed")]
public sealed record PolicyChanged(int Cycle, string Id, ImmutableArray<Rule> Policy) : SelfEvent;

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
/// <param name="LeftOut">
/// Indices of the parts of the prompt for which the model had no room. Default for none, and then not written; not recorded in
/// the first <see cref="LoopVersion"/>.
/// </param>
[Manifest("self.answered")]
public sealed record Answered(
    int Cycle,
    ImmutableArray<Candidate> Candidates,
    int Chosen,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ImmutableArray<int> LeftOut = default
) : SelfEvent
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
