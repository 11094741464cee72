using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;
using AiMe.Faculties.Curation;

namespace AiMe.Faculties.Curator;

/// <summary>What the Curator can be asked.</summary>
public abstract record CuratorCommand : Command;

/// <summary>From the Self: begin.</summary>
public sealed record BeginCurator(string Instance, ImmutableArray<Rule> Policy, Seed Seed) : CuratorCommand;

/// <summary>From the Reflector: judge this experience.</summary>
public sealed record Judge(Draft Draft, Reflection Reflection, Insight? Insight) : CuratorCommand;

/// <summary>From the world: where the output and the whole experience lie in the frozen space.</summary>
/// <param name="Statement">Of the insight, where there is one.</param>
public sealed record ExperienceEmbedded(
    Draft Draft,
    Reflection Reflection,
    Insight? Insight,
    Embedding Output,
    Embedding Whole,
    Embedding? Statement
) : CuratorCommand;

/// <summary>From the world: it could not be embedded; the Curator asks again.</summary>
public sealed record EmbeddingFailed(int Attempt, Draft Draft, Reflection Reflection, Insight? Insight, string Error) : CuratorCommand;

/// <summary>From the lab: this is the Curator of another instance from here on.</summary>
public sealed record ChangeCurator(ImmutableArray<Rule> Policy, Seed Seed) : CuratorCommand;

/// <summary>What happened to the Curator.</summary>
public abstract record CuratorEvent : Event;

/// <summary>The Curator began.</summary>
[Manifest("curator.began")]
public sealed record CuratorBegan(string Instance, ImmutableArray<Rule> Policy, Seed Seed) : CuratorEvent;

/// <summary>The instance branched off and judges otherwise from here on. What was judged before stands.</summary>
[Manifest("curator.changed")]
public sealed record CuratorChanged(ImmutableArray<Rule> Policy, Seed Seed) : CuratorEvent;

/// <summary>An experience was judged.</summary>
/// <param name="Scores">With alignment and quality as the Reflector gave them.</param>
/// <param name="Output">The output's embedding, for the novelty and similarity of what comes later.</param>
[Manifest("curator.judged")]
public sealed record Judged(int Cycle, Judgement Judgement, Scores Scores, Embedding Output) : CuratorEvent;

/// <summary>A call to the embedder failed.</summary>
[Manifest("curator.embedding-failed")]
public sealed record CuratorEmbeddingFailed(int Cycle, int Attempt, string Error) : CuratorEvent;

/// <summary>What the Curator knows.</summary>
/// <param name="Last">The last judgement, or null.</param>
/// <param name="Past">The last <see cref="Remembered"/> cases, oldest first.</param>
/// <param name="Kept">Outputs kept, the last <see cref="Remembered"/> of them, oldest first.</param>
/// <param name="Failures">Failed embeddings of the experience in hand.</param>
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
    /// <summary>Cases and kept outputs that are compared with: the cap of novelty and similarity.</summary>
    public const int Remembered = 512;

    /// <summary>Whether the Curator has begun.</summary>
    [JsonIgnore]
    public bool Began => Instance.Length > 0;
}
