using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;
using AiMe.Faculties.Curation;

namespace AiMe.Faculties.Memory;

/// <summary>Events of Memory.</summary>
public abstract record MemoryEvent : Event;

/// <summary>Memory began.</summary>
[Manifest("memory.began")]
public sealed record MemoryBegan(string Instance, MemorySettings Settings, int Every) : MemoryEvent;

/// <summary>The instance was forked: this is the Memory of the fork from here on.</summary>
[Manifest("memory.changed")]
public sealed record MemoryChanged(string Instance, MemorySettings Settings) : MemoryEvent;

/// <summary>Memories were recalled.</summary>
[Manifest("memory.recalled")]
public sealed record Recalled(RecallFor For, DateTime At, ImmutableArray<ImmutableArray<Hit>> Hits) : MemoryEvent;

/// <summary>A search failed.</summary>
[Manifest("memory.search-failed")]
public sealed record MemorySearchFailed(RecallFor For, int Attempt, string Error) : MemoryEvent;

/// <summary>An experience was stored; the cycle is closed.</summary>
/// <param name="Timestamp">Logical time, <c>yyyy-MM-dd HH:mm:ss</c>, UTC.</param>
/// <param name="Recalled">The memories in its prompt.</param>
/// <param name="Bare">The prompt without recalled memories and self-model, which training uses.</param>
/// <param name="Heads">The heads of the five streams before this event; an anchor.</param>
/// <param name="Others">
/// The other sampled texts if preferences are trained. Else default, and not written, so that the event's bytes are the
/// same as before preferences existed.
/// </param>
/// <param name="ShadowKeeps">
/// Under a matched policy, whether its shadow keeps the experience; else null, and then not written. Null too if the experience
/// is held for another reason than the draw.
/// </param>
/// <param name="Review">The terms under which it waits for people; null, and not written, if it does not.</param>
[Manifest("memory.stored")]
public sealed record Stored(
    string Input,
    string Output,
    string Reflection,
    [property: JsonConverter(typeof(TimestampJson))] DateTime Timestamp,
    MemoryId Id,
    int Cycle,
    int Round,
    string Topic,
    bool Internal,
    ImmutableArray<MemoryId> Recalled,
    Scores Scores,
    double Novelty,
    double Importance,
    Verdict Verdict,
    ImmutableArray<string> Reasons,
    ModelId Model,
    Prompt Bare,
    Embedding Embedding,
    Heads Heads,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ImmutableArray<string> Others = default,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? ShadowKeeps = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ReviewTerms? Review = null
) : MemoryEvent;

/// <summary>An insight became recallable.</summary>
[Manifest("memory.insight-stored")]
public sealed record InsightStored(Insight Insight, DateTime At, Embedding Embedding) : MemoryEvent;

/// <summary>Memories became unrecallable because the capacity was exceeded; the journal keeps them.</summary>
[Manifest("memory.forgot")]
public sealed record Forgot(ImmutableArray<MemoryId> Ids) : MemoryEvent;

/// <summary>The round ended before it was full.</summary>
/// <param name="Lived">Number of experiences in the round.</param>
[Manifest("memory.round-ended")]
public sealed record RoundEnded(int Round, int Cycle, int Lived) : MemoryEvent;

/// <summary>Under a matched policy, held experiences were drawn for training: as many as its shadow kept.</summary>
/// <param name="Ids">The drawn experiences, oldest first.</param>
/// <param name="Draws">Seed of the draws; see <see cref="Curation.Matched.DrawSeed"/>.</param>
[Manifest("memory.batch-drawn")]
public sealed record BatchDrawn(int Round, ImmutableArray<MemoryId> Ids, Seed Draws) : MemoryEvent;

/// <summary>The verdicts on the experiences of a round that were held for people.</summary>
/// <param name="Settled">Oldest first.</param>
[Manifest("memory.reviewed")]
public sealed record HeldSettled(int Round, ImmutableArray<SettledReview> Settled) : MemoryEvent;
