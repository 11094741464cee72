using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;
using AiMe.Faculties.Curation;

namespace AiMe.Faculties.Curator;

/// <summary>Commands of the Curator.</summary>
public abstract record CuratorCommand : Command;

/// <summary>From the Self: begin.</summary>
public sealed record BeginCurator(string Instance, ImmutableArray<Rule> Policy, Seed Seed) : CuratorCommand;

/// <summary>From the Reflector: judge this experience.</summary>
public sealed record Judge(Draft Draft, Reflection Reflection, Insight? Insight) : CuratorCommand;

/// <summary>Effect result: the embeddings of the output and of the whole experience.</summary>
/// <param name="Statement">Embedding of the insight's statement, if there is an insight.</param>
public sealed record ExperienceEmbedded(
    Draft Draft,
    Reflection Reflection,
    Insight? Insight,
    Embedding Output,
    Embedding Whole,
    Embedding? Statement
) : CuratorCommand;

/// <summary>Effect result: embedding failed; the Curator retries.</summary>
public sealed record EmbeddingFailed(int Attempt, Draft Draft, Reflection Reflection, Insight? Insight, string Error) : CuratorCommand;

/// <summary>From the lab: the instance is a fork from here on.</summary>
public sealed record ChangeCurator(ImmutableArray<Rule> Policy, Seed Seed) : CuratorCommand;

/// <summary>Events of the Curator.</summary>
public abstract record CuratorEvent : Event;

/// <summary>The Curator began.</summary>
[Manifest("curator.began")]
public sealed record CuratorBegan(string Instance, ImmutableArray<Rule> Policy, Seed Seed) : CuratorEvent;

/// <summary>The instance was forked and has other settings from here on. Earlier judgements are unchanged.</summary>
[Manifest("curator.changed")]
public sealed record CuratorChanged(ImmutableArray<Rule> Policy, Seed Seed) : CuratorEvent;

/// <summary>An experience was judged.</summary>
/// <param name="Scores">Scores of the output, with the Reflector's alignment and quality.</param>
/// <param name="Output">The output's embedding, for the novelty and similarity of later outputs.</param>
[Manifest("curator.judged")]
public sealed record Judged(int Cycle, Judgement Judgement, Scores Scores, Embedding Output) : CuratorEvent;

/// <summary>A call to the embedder failed.</summary>
[Manifest("curator.embedding-failed")]
public sealed record CuratorEmbeddingFailed(int Cycle, int Attempt, string Error) : CuratorEvent;

/// <summary>State of the Curator.</summary>
/// <param name="Last">The last judgement, or null.</param>
/// <param name="Past">The last <see cref="Remembered"/> cases, oldest first.</param>
/// <param name="Kept">The last <see cref="Remembered"/> kept outputs, oldest first.</param>
/// <param name="Failures">Failed embeddings of the current experience.</param>
public sealed record CuratorState(
    string Instance,
    ImmutableArray<Rule> Policy,
    Seed Seed,
    int Cycle,
    Judgement? Last,
    ImmutableArray<PastCase> Past,
    ImmutableArray<Embedding> Kept,
    int Failures
)
{
    /// <summary>Greatest number of cases and of kept outputs that are compared for novelty and similarity.</summary>
    public const int Remembered = 512;

    /// <summary>Whether the Curator has begun.</summary>
    [JsonIgnore]
    public bool Began => Instance.Length > 0;
}
