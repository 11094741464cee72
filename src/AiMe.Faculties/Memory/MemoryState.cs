using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;
using AiMe.Faculties.Curation;

namespace AiMe.Faculties.Memory;

/// <summary>The purpose of a recall: a cycle's stimulus or a generation's probes.</summary>
/// <param name="Name"><c>c12</c> for cycle 12, or <c>g1</c> for generation 1.</param>
public readonly record struct RecallFor(string Name)
{
    /// <summary>A recall for the stimulus of a cycle.</summary>
    public static RecallFor OfCycle(int cycle) => new($"c{cycle}");

    /// <summary>A recall for the probes of a generation; it does not mark memories as used.</summary>
    public static RecallFor OfProbes(int generation) => new($"g{generation}");

    /// <summary>Whether the recalled memories count as used.</summary>
    [JsonIgnore]
    public bool Touches => Name.StartsWith('c');

    /// <summary>The cycle or the generation.</summary>
    [JsonIgnore]
    public int Number => int.Parse(Name.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);

    /// <inheritdoc />
    public override string ToString() => Name;
}

/// <summary>A recalled memory.</summary>
/// <param name="Score">The weighted sum of the three parts, each scaled to [0, 1] over the recallable memories.</param>
public sealed record Hit(MemoryId Id, string Text, double Score, double Recency, double Importance, double Relevance);

/// <summary>An insight and its embedding.</summary>
public sealed record EmbeddedInsight(Insight Insight, Embedding Embedding);

/// <summary>One recallable memory.</summary>
/// <param name="Text">The text as it appears in a prompt.</param>
/// <param name="Importance">1 to 10.</param>
/// <param name="Used">Logical time of its last recall, or of its storage if it was never recalled.</param>
public sealed record MemoryItem(MemoryId Id, string Text, double Importance, DateTime Used, Embedding Embedding);

/// <summary>The recallable memories at a moment, which an index behind the port must match.</summary>
public sealed record MemoryView(string Instance, MemorySettings Settings, ImmutableArray<MemoryItem> Items, DateTime At);

/// <summary>An experience as a training example.</summary>
/// <param name="Others">Answers that are less preferred than the completion; default for none.</param>
public sealed record Example(
    MemoryId Id,
    Prompt Prompt,
    string Completion,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ImmutableArray<string> Others = default
);

/// <summary>A round under a matched policy.</summary>
/// <param name="Pool">Experiences that may be drawn, oldest first.</param>
/// <param name="ShadowKept">Number of them that the shadow keeps.</param>
/// <param name="Drawn">The drawn ones; default until the draw.</param>
public sealed record MatchedRound(
    int Round,
    ImmutableArray<Example> Pool,
    int ShadowKept,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ImmutableArray<MemoryId> Drawn = default
)
{
    /// <summary>The drawn experiences as examples.</summary>
    [JsonIgnore]
    public IEnumerable<Example> Examples => Drawn.IsDefault ? [] : Pool.Where(e => Drawn.Contains(e.Id));
}

/// <summary>A round with experiences that are held for people.</summary>
/// <param name="Pool">Those experiences, oldest first.</param>
/// <param name="Terms">How their verdicts come about: the terms of the last of them.</param>
/// <param name="Kept">Those that people keep; default until all are settled.</param>
public sealed record HeldRound(
    int Round,
    ImmutableArray<Example> Pool,
    ReviewTerms Terms,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ImmutableArray<MemoryId> Kept = default
)
{
    /// <summary>The kept experiences as examples.</summary>
    [JsonIgnore]
    public IEnumerable<Example> Examples => Kept.IsDefault ? [] : Pool.Where(e => Kept.Contains(e.Id));
}

/// <summary>State of Memory.</summary>
/// <param name="Every">Experiences in a full round.</param>
/// <param name="Cycle">The last closed cycle; 0 before the first.</param>
/// <param name="Round">
/// 1-based number of the current round; it stays current until the next round's first experience.
/// </param>
/// <param name="ExperiencesInRound">Number of experiences in the current round.</param>
/// <param name="Ended">Whether the round ended before it was full.</param>
/// <param name="Items">Recallable memories, oldest first.</param>
/// <param name="Batch">Experiences kept in the current round, oldest first.</param>
/// <param name="Answered">The last recall and its hits, or null.</param>
/// <param name="LastCycle">The last cycle with a recall; 0 before the first.</param>
/// <param name="LastGeneration">The last generation with a recall; -1 before generation 0.</param>
/// <param name="Newest">The newest insight, or null.</param>
/// <param name="Failures">Failed searches of the current recall.</param>
/// <param name="Matched">The last round with a matched policy; null for none, and then not written.</param>
/// <param name="Held">The last round with experiences held for people; null for none, and then not written.</param>
public sealed record MemoryState(
    string Instance,
    MemorySettings? Settings,
    int Every,
    int Cycle,
    int Round,
    [property: JsonPropertyName("lived")] int ExperiencesInRound,
    bool Ended,
    ImmutableArray<MemoryItem> Items,
    ImmutableArray<Example> Batch,
    Recalled? Answered,
    int LastCycle,
    int LastGeneration,
    Insight? Newest,
    int Failures,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] MatchedRound? Matched = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] HeldRound? Held = null
)
{
    /// <summary>Whether the current round is complete: the next experience begins another.</summary>
    [JsonIgnore]
    public bool RoundIsOver => Ended || ExperiencesInRound == Every;

    /// <summary>
    /// The experiences to train on at the end of the round: those kept, those drawn under a matched policy, and those that people
    /// keep.
    /// </summary>
    [JsonIgnore]
    public ImmutableArray<Example> SealedBatch
    {
        get
        {
            Example[] settled =
            [
                .. Matched is { } matched && matched.Round == Round ? matched.Examples : [],
                .. Held is { } held && held.Round == Round ? held.Examples : [],
            ];
            return settled.Length == 0 ? Batch : [.. Batch.Concat(settled).OrderBy(CycleOf)];
        }
    }

    /// <summary>The current round if it is complete and waits for people; else null.</summary>
    [JsonIgnore]
    public HeldRound? AwaitingReview => RoundIsOver && Held is { Kept.IsDefault: true } held && held.Round == Round ? held : null;

    /// <summary>Whether a recall is obsolete: the requesting faculty has moved on.</summary>
    public bool HasPassed(RecallFor reason) => reason.Number <= (reason.Touches ? LastCycle : LastGeneration) && Answered?.For != reason;

    // An experience's id is e and its cycle.
    private static int CycleOf(Example e) => int.Parse(e.Id.Value.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);
}
