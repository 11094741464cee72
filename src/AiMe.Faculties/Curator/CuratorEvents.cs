using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;
using AiMe.Faculties.Curation;

namespace AiMe.Faculties.Curator;

/// <summary>Events of the Curator.</summary>
public abstract record CuratorEvent : Event;

/// <summary>The Curator began.</summary>
[Manifest("curator.began")]
public sealed record CuratorBegan(string Instance, ImmutableArray<Rule> Policy, Seed Seed) : CuratorEvent;

/// <summary>
/// The instance was forked, or a scheduled intervention began, and it has other settings from here on. Earlier judgements are
/// unchanged.
/// </summary>
/// <param name="Request">Id of the scheduled intervention's request; null, and not written, for a fork.</param>
[Manifest("curator.changed")]
public sealed record CuratorChanged(
    ImmutableArray<Rule> Policy,
    Seed Seed,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Request = null
) : CuratorEvent;

/// <summary>An experience was judged.</summary>
/// <param name="Scores">Scores of the output, with the Reflector's alignment and quality.</param>
/// <param name="Output">The output's embedding, for the novelty and similarity of later outputs.</param>
/// <param name="Shadow">
/// Under a matched policy, the judgement of the policy that runs as its shadow; else null, and then not written.
/// </param>
[Manifest("curator.judged")]
public sealed record Judged(
    int Cycle,
    Judgement Judgement,
    Scores Scores,
    Embedding Output,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Judgement? Shadow = null
) : CuratorEvent;

/// <summary>A judge answered a request for a rating. The verdict follows once all requests are answered.</summary>
/// <param name="Judge">See <see cref="ModelJudge.Id"/>.</param>
/// <param name="Sample">Which of the judge's answers it is, from 1.</param>
/// <param name="Reversed">Whether the judge saw the scale from the highest score.</param>
[Manifest("curator.rated")]
public sealed record Rated(int Cycle, string Judge, int Sample, bool Reversed, JudgeAnswer Answer) : CuratorEvent;

/// <summary>A call to a judge failed.</summary>
/// <param name="Sample">Which of the judge's answers was asked for, from 1.</param>
[Manifest("curator.judging-failed")]
public sealed record CuratorJudgingFailed(int Cycle, string Judge, int Sample, int Attempt, string Error) : CuratorEvent;

/// <summary>A call to the embedder failed.</summary>
[Manifest("curator.embedding-failed")]
public sealed record CuratorEmbeddingFailed(int Cycle, int Attempt, string Error) : CuratorEvent;

/// <summary>People have given the verdicts on the experiences of a round that were held for them.</summary>
/// <param name="Kept">Oldest first; likewise the next two.</param>
/// <param name="LeftOut">Those on which too few had answered, or as many to keep as to reject.</param>
[Manifest("curator.reviewed")]
public sealed record HeldReviewed(
    int Round,
    ImmutableArray<MemoryId> Kept,
    ImmutableArray<MemoryId> Rejected,
    ImmutableArray<MemoryId> LeftOut
) : CuratorEvent;
