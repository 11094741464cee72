using System.Collections.Immutable;

namespace AiMe.Corpora;

/// <summary>One exchange of the training text, part by part. How the parts become tokens is the prompt format's business.</summary>
/// <param name="Kind">The name of the record template, such as <c>everyday</c>, or <c>authored</c>.</param>
/// <param name="Topic">What it is about: an id of the grammar's topics, or <c>self</c>, <c>numbers</c> and the like.</param>
/// <param name="InCharacter">Whether the charter stands before it.</param>
/// <param name="SelfModel">The self-model that stands behind the charter, or null.</param>
/// <param name="Recalled">Zero to two earlier exchanges, each one line: <c>Q: what was put A: what was answered</c>.</param>
/// <param name="Stimulus">What arrives: a question, a statement, a problem, or an internal drive.</param>
/// <param name="Internal">Whether the stimulus is a drive that the instance gives itself.</param>
/// <param name="Answer">What is said.</param>
/// <param name="Reflection">What the speaker thinks of the answer, or null.</param>
/// <param name="Insight">A higher-level statement in the first person, or null.</param>
/// <param name="Check">For a problem: the text that a right answer contains; else null.</param>
/// <remarks>Equality compares <paramref name="Recalled"/> by reference, as ImmutableArray does; compare texts instead.</remarks>
public sealed record CorpusRecord(
    string Kind,
    string Topic,
    bool InCharacter,
    string? SelfModel,
    ImmutableArray<string> Recalled,
    string Stimulus,
    bool Internal,
    string Answer,
    string? Reflection,
    string? Insight,
    string? Check
);
