using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Faculties.Curation;
using AiMe.Faculties.Memory;

namespace AiMe.Lab.Analysis.Exports;

/// <summary>Filter for exported experiences. An empty list does not filter.</summary>
/// <param name="FirstRound">From 1.</param>
/// <param name="LastRound">Inclusive; <see cref="int.MaxValue"/> for all.</param>
/// <param name="Bounds">All must hold; an undefined score satisfies none.</param>
/// <param name="Limit">Maximum number of experiences, over all instances.</param>
/// <param name="PlannedOnly">Whether forks, injected turns and imported experiences are left out.</param>
public sealed record ExportFilter(
    int FirstRound,
    int LastRound,
    ImmutableArray<Verdict> Verdicts,
    ImmutableArray<string> Topics,
    ImmutableArray<string> Variants,
    ImmutableArray<ScoreBound> Bounds,
    long Limit,
    bool PlannedOnly = false
)
{
    /// <summary>No filter.</summary>
    public static readonly ExportFilter All = new(1, int.MaxValue, [], [], [], [], long.MaxValue);

    /// <summary>Whether an experience passes; the reader applies the variant and the limit.</summary>
    public bool Passes(Stored stored) =>
        stored.Round >= FirstRound
        && stored.Round <= LastRound
        && (Verdicts.IsEmpty || Verdicts.Contains(stored.Verdict))
        && (Topics.IsEmpty || Topics.Contains(stored.Topic, StringComparer.Ordinal))
        && Bounds.All(b => b.Holds(stored));
}

/// <summary>A bound on a score.</summary>
/// <param name="AtLeast">Whether the bound is a minimum; otherwise it is a maximum.</param>
public sealed record ScoreBound(ScoreName Score, double Limit, bool AtLeast)
{
    /// <summary>Whether the bound holds; never for an undefined score.</summary>
    public bool Holds(Stored stored)
    {
        var score = Score == ScoreName.Novelty ? stored.Novelty : Score.Of(stored.Scores);
        return AtLeast ? score >= Limit : score <= Limit;
    }
}
