using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;

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
public sealed record EndRound(int Cycle) : MemoryCommand;

/// <summary>From the lab: the instance is a fork from here on.</summary>
public sealed record ChangeMemory(string Instance, MemorySettings Settings) : MemoryCommand;

/// <summary>From the Curator: store the whole experience; this closes the cycle.</summary>
public sealed record Store(Draft Draft, Reflection Reflection, Judgement Judgement, Embedding Whole, EmbeddedInsight? Insight, Heads Heads)
    : MemoryCommand,
        IStamped
{
    /// <inheritdoc />
    public Command Stamp(string instance, Heads heads) => this with { Heads = heads };
}
