using System.Collections.Immutable;

namespace AiMe.Corpora;

/// <summary>One exchange of the training text, part by part. The prompt format turns the parts into tokens.</summary>
/// <param name="Kind">The name of the record template, such as <c>everyday</c>, or <c>authored</c>.</param>
/// <param name="Topic">An id of the grammar's topics, or <c>self</c>, <c>numbers</c> and the like.</param>
/// <param name="InCharacter">Whether the charter precedes it.</param>
/// <param name="SelfModel">The self-model that follows the charter, or null.</param>
/// <param name="Recalled">Zero to two earlier exchanges, each one line: <c>Q: the stimulus A: the answer</c>.</param>
/// <param name="Stimulus">A question, a statement, a problem, or an internal drive.</param>
/// <param name="Internal">Whether the stimulus is an internal drive.</param>
/// <param name="Answer">The answer.</param>
/// <param name="Reflection">The reflection on the answer, or null.</param>
/// <param name="Insight">A higher-level statement in the first person, or null.</param>
/// <param name="Check">For a problem: the text that a correct answer contains; else null.</param>
/// <remarks>
/// Equality compares <paramref name="Recalled"/> by reference, as ImmutableArray does; compare texts instead.
/// </remarks>
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
