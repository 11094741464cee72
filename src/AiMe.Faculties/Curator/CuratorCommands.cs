using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Self;

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

/// <summary>From the Supervisor: the verdicts on the round's experiences that were held for people.</summary>
public sealed record SettleReviews(int Round, ImmutableArray<SettledReview> Settled) : CuratorCommand;

/// <summary>Effect result: a judge answered.</summary>
/// <param name="Case">What was judged.</param>
public sealed record JudgeAnswered(ExperienceEmbedded Case, string Judge, int Sample, JudgeAnswer Answer) : CuratorCommand;

/// <summary>Effect result: a call to a judge failed; the Curator retries.</summary>
public sealed record JudgingFailed(int Attempt, ExperienceEmbedded Case, string Judge, int Sample, string Error) : CuratorCommand;

/// <summary>From the Self: a scheduled intervention gives the instance this policy. The reply is <see cref="PolicyApplied"/>.</summary>
/// <param name="Id">Id of the request.</param>
public sealed record ApplyPolicy(string Id, ImmutableArray<Rule> Policy) : CuratorCommand;

/// <summary>From the lab: the instance is a fork from here on.</summary>
public sealed record ChangeCurator(ImmutableArray<Rule> Policy, Seed Seed) : CuratorCommand;
