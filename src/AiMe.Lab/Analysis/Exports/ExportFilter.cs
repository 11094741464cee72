using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Memory;

namespace AiMe.Lab.Analysis.Exports;

/// <summary>Which experiences are exported. An empty list lets everything through.</summary>
/// <param name="FirstRound">From 1.</param>
/// <param name="LastRound">Inclusive; <see cref="int.MaxValue"/> for all.</param>
/// <param name="Bounds">All must hold; an undefined score keeps none.</param>
/// <param name="Limit">Experiences at most, over all lives.</param>
public sealed record ExportFilter(
    int FirstRound,
    int LastRound,
    ImmutableArray<Verdict> Verdicts,
    ImmutableArray<string> Topics,
    ImmutableArray<string> Variants,
    ImmutableArray<ScoreBound> Bounds,
    long Limit
)
{
    /// <summary>Everything.</summary>
    public static readonly ExportFilter All = new(1, int.MaxValue, [], [], [], [], long.MaxValue);

    /// <summary>Whether an experience passes; the variant and the limit are its reader's business.</summary>
    public bool Passes(Stored stored) =>
        stored.Round >= FirstRound
        && stored.Round <= LastRound
        && (Verdicts.IsEmpty || Verdicts.Contains(stored.Verdict))
        && (Topics.IsEmpty || Topics.Contains(stored.Topic, StringComparer.Ordinal))
        && Bounds.All(b => b.Holds(stored));
}

/// <summary>A bound on a score.</summary>
/// <param name="AtLeast">Otherwise at most.</param>
public sealed record ScoreBound(ScoreName Score, double Limit, bool AtLeast)
{
    /// <summary>Whether it holds; never for an undefined score.</summary>
    public bool Holds(Stored stored)
    {
        var score = Score == ScoreName.Novelty ? stored.Novelty : Score.Of(stored.Scores);
        return AtLeast ? score >= Limit : score <= Limit;
    }
}
