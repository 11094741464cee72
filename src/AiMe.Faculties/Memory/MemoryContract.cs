using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;

namespace AiMe.Faculties.Memory;

/// <summary>What a recall is for: a cycle's stimulus or a generation's probes.</summary>
/// <param name="Name"><c>c12</c> or <c>g1</c>.</param>
public readonly record struct RecallFor(string Name)
{
    /// <summary>For the stimulus of a cycle.</summary>
    public static RecallFor OfCycle(int cycle) => new($"c{cycle}");

    /// <summary>For the probes of a generation; being probed leaves no trace in the memories.</summary>
    public static RecallFor OfProbes(int generation) => new($"g{generation}");

    /// <summary>Whether the memories found count as used.</summary>
    [JsonIgnore]
    public bool Touches => Name.StartsWith('c');

    /// <summary>The cycle or the generation.</summary>
    [JsonIgnore]
    public int Number => int.Parse(Name.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);

    /// <inheritdoc />
    public override string ToString() => Name;
}

/// <summary>A recalled memory.</summary>
/// <param name="Score">The weighted sum of the three parts, each scaled to [0, 1] over what could be recalled.</param>
public sealed record Hit(MemoryId Id, string Text, double Score, double Recency, double Importance, double Relevance);

/// <summary>What Memory can be asked.</summary>
public abstract record MemoryCommand : Command;

/// <summary>From the Self: begin.</summary>
public sealed record BeginMemory(string Instance, MemorySettings Settings, int Every) : MemoryCommand;

/// <summary>From the Self: recall what goes with each query.</summary>
public sealed record Recall(RecallFor For, ImmutableArray<string> Queries, DateTime At) : MemoryCommand;

/// <summary>From the world: what was found, one list a query.</summary>
public sealed record MemorySearched(RecallFor For, ImmutableArray<ImmutableArray<Hit>> Hits, DateTime At) : MemoryCommand;

/// <summary>From the world: the index or the embedder did not answer.</summary>
public sealed record SearchFailed(int Attempt, RecallFor For, ImmutableArray<string> Queries, DateTime At, string Error) : MemoryCommand;

/// <summary>From the Self: the round ends after this cycle, though it is not full.</summary>
public sealed record EndRound(int Cycle) : MemoryCommand;

/// <summary>From the lab: this is the Memory of another instance from here on.</summary>
public sealed record ChangeMemory(string Instance, MemorySettings Settings) : MemoryCommand;

/// <summary>From the Curator: store the whole experience; the cycle closes with it.</summary>
public sealed record Store(Draft Draft, Reflection Reflection, Judgement Judgement, Embedding Whole, EmbeddedInsight? Insight, Heads Heads)
    : MemoryCommand,
        IStamped
{
    /// <inheritdoc />
    public Command Stamp(string instance, Heads heads) => this with { Heads = heads };
}

/// <summary>An insight and where it lies in the frozen space.</summary>
public sealed record EmbeddedInsight(Insight Insight, Embedding Embedding);

/// <summary>What happened to Memory.</summary>
public abstract record MemoryEvent : Event;

/// <summary>Memory began.</summary>
[Manifest("memory.began")]
public sealed record MemoryBegan(string Instance, MemorySettings Settings, int Every) : MemoryEvent;

/// <summary>The instance branched off: this is the Memory of another one from here on.</summary>
[Manifest("memory.changed")]
public sealed record MemoryChanged(string Instance, MemorySettings Settings) : MemoryEvent;

/// <summary>Memories were recalled.</summary>
[Manifest("memory.recalled")]
public sealed record Recalled(RecallFor For, DateTime At, ImmutableArray<ImmutableArray<Hit>> Hits) : MemoryEvent;

/// <summary>A search failed.</summary>
[Manifest("memory.search-failed")]
public sealed record MemorySearchFailed(RecallFor For, int Attempt, string Error) : MemoryEvent;

/// <summary>An experience was stored whole: the cycle is closed.</summary>
/// <param name="Timestamp">Logical time, <c>yyyy-MM-dd HH:mm:ss</c>, UTC.</param>
/// <param name="Recalled">The memories that were composed into its prompt.</param>
/// <param name="Bare">The prompt without recall and self-model, under which it can be learned.</param>
/// <param name="Heads">Of the five streams, before this event: an anchor.</param>
/// <param name="Others">
/// What else was sampled for the stimulus, in a life that learns preferences. Else default, and not written: such an
/// event is, byte for byte, what it was before preferences were learned.
/// </param>
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
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ImmutableArray<string> Others = default
) : MemoryEvent;

/// <summary>An insight became recallable.</summary>
[Manifest("memory.insight-stored")]
public sealed record InsightStored(Insight Insight, DateTime At, Embedding Embedding) : MemoryEvent;

/// <summary>Memories went beyond recall because the capacity was exceeded; the journal keeps them.</summary>
[Manifest("memory.forgot")]
public sealed record Forgot(ImmutableArray<MemoryId> Ids) : MemoryEvent;

/// <summary>The round was ended before it was full.</summary>
/// <param name="Lived">Experiences in it.</param>
[Manifest("memory.round-ended")]
public sealed record RoundEnded(int Round, int Cycle, int Lived) : MemoryEvent;

/// <summary>One recallable memory.</summary>
/// <param name="Text">As it will stand in a prompt.</param>
/// <param name="Importance">1 to 10.</param>
/// <param name="Used">Logical time of its last recall, or of its storing.</param>
public sealed record MemoryItem(MemoryId Id, string Text, double Importance, DateTime Used, Embedding Embedding);

/// <summary>
/// What can be recalled at a moment: the truth, which an index behind the port may have to catch up to.
/// </summary>
public sealed record MemoryView(string Instance, MemorySettings Settings, ImmutableArray<MemoryItem> Items, DateTime At);

/// <summary>An experience as an example to learn from.</summary>
/// <param name="Others">Answers to which the completion is preferred; default for none.</param>
public sealed record Example(
    MemoryId Id,
    Prompt Prompt,
    string Completion,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ImmutableArray<string> Others = default
);

/// <summary>What Memory knows.</summary>
/// <param name="Every">Experiences in a full round.</param>
/// <param name="Cycle">The last closed cycle; 0 before the first.</param>
/// <param name="Round">The current round, from 1; it stays current until the next one's first experience.</param>
/// <param name="Lived">Experiences in it.</param>
/// <param name="Ended">Whether it was ended before it was full.</param>
/// <param name="Items">Recallable memories, oldest first.</param>
/// <param name="Batch">What was kept in the current round, oldest first.</param>
/// <param name="Answered">The last recall and what it found, or null.</param>
/// <param name="LastCycle">The last cycle that was recalled for; 0 before the first.</param>
/// <param name="LastGeneration">The last generation that was recalled for; -1 before birth.</param>
/// <param name="Newest">The newest insight, or null.</param>
/// <param name="Failures">Failed searches for what is now asked for.</param>
public sealed record MemoryState(
    string Instance,
    MemorySettings? Settings,
    int Every,
    int Cycle,
    int Round,
    int Lived,
    bool Ended,
    ImmutableArray<MemoryItem> Items,
    ImmutableArray<Example> Batch,
    Recalled? Answered,
    int LastCycle,
    int LastGeneration,
    Insight? Newest,
    int Failures
)
{
    /// <summary>Whether the current round is over: the next experience begins another.</summary>
    [JsonIgnore]
    public bool RoundIsOver => Ended || Lived == Every;

    /// <summary>Whether a recall is of something that was left behind: its faculty has long gone on.</summary>
    public bool HasPassed(RecallFor reason) => reason.Number <= (reason.Touches ? LastCycle : LastGeneration) && Answered?.For != reason;
}
