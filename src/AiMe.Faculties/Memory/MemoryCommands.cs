using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;
using AiMe.Faculties.Curation;

namespace AiMe.Faculties.Memory;

/// <summary>Commands of Memory.</summary>
public abstract record MemoryCommand : Command;

/// <summary>From the Self: begin.</summary>
public sealed record BeginMemory(string Instance, MemorySettings Settings, int Every) : MemoryCommand;

/// <summary>From the Self: recall memories for each query.</summary>
public sealed record Recall(RecallFor For, ImmutableArray<string> Queries, DateTime At) : MemoryCommand;

/// <summary>Effect result: the memories found, one list per query.</summary>
public sealed record MemorySearched(RecallFor For, ImmutableArray<ImmutableArray<Hit>> Hits, DateTime At) : MemoryCommand;

/// <summary>Effect result: the index or the embedder failed.</summary>
public sealed record SearchFailed(int Attempt, RecallFor For, ImmutableArray<string> Queries, DateTime At, string Error) : MemoryCommand;

/// <summary>From the Self: end the round after this cycle, before it is full.</summary>
/// <param name="Draws">Seed of the draws of a matched policy; null for another policy, and then not written.</param>
public sealed record EndRound(int Cycle, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Seed? Draws = null)
    : MemoryCommand;

/// <summary>From the lab: the instance is a fork from here on.</summary>
public sealed record ChangeMemory(string Instance, MemorySettings Settings) : MemoryCommand;

/// <summary>From the Curator: store the whole experience; this closes the cycle.</summary>
/// <param name="Shadow">Under a matched policy, what its shadow decided; else null, and then not written.</param>
/// <param name="Review">The terms under which it waits for people; null, and not written, if it does not.</param>
public sealed record Store(
    Draft Draft,
    Reflection Reflection,
    Judgement Judgement,
    Embedding Whole,
    EmbeddedInsight? Insight,
    Heads Heads,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Shadowed? Shadow = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ReviewTerms? Review = null
) : MemoryCommand, IStamped
{
    /// <inheritdoc />
    public Command Stamp(string instance, Heads heads) => this with { Heads = heads };
}

/// <summary>From the Curator: the verdicts on the round's experiences that were held for people.</summary>
public sealed record SettleHeld(int Round, ImmutableArray<SettledReview> Settled) : MemoryCommand;

/// <summary>The decision of the policy that runs as the shadow of a matched one.</summary>
/// <param name="Keeps">Whether it keeps the experience.</param>
/// <param name="Draws">Seed of the draws; see <see cref="Curation.Matched.DrawSeed"/>.</param>
public sealed record Shadowed(bool Keeps, Seed Draws);
