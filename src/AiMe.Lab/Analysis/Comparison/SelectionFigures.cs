using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;
using AiMe.Metrics.Statistics;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>
/// How a round's selection changes first-person statements, per 100 words: from all sampled candidates to the kept answers.
/// </summary>
/// <param name="Pool">Mean over all candidates of the round, picked or not; at least 0.</param>
/// <param name="Variance">Their variance (n - 1), at least 0.</param>
/// <param name="Gap">Mean over the kept answers minus <paramref name="Pool"/>: the realised selection gap.</param>
/// <remarks>Source: docs/SCIENCE.md, "selection gap".</remarks>
public sealed record SelectionFigures(double Pool, double Variance, double Gap)
{
    /// <summary>Nothing is known.</summary>
    public static readonly SelectionFigures Unknown = new(double.NaN, double.NaN, double.NaN);

    /// <summary>The figures of every round, by its number.</summary>
    /// <param name="events">All events of the instance, in order.</param>
    /// <param name="settled">Its experiences with their final verdicts.</param>
    public static ImmutableDictionary<int, SelectionFigures> ByRound(IEnumerable<Event> events, IEnumerable<Stored> settled)
    {
        var sampled = events.OfType<Answered>().ToDictionary(a => a.Cycle, a => a.Candidates);
        return settled.GroupBy(s => s.Round).ToImmutableDictionary(r => r.Key, r => Of([.. r], sampled));
    }

    private static SelectionFigures Of(Stored[] round, Dictionary<int, ImmutableArray<Candidate>> sampled)
    {
        double[] pool = Known(round.Where(s => sampled.ContainsKey(s.Cycle)).SelectMany(s => sampled[s.Cycle]).Select(c => c.Scores));
        double[] kept = Known(round.Where(s => s.Verdict == Verdict.Keep).Select(s => s.Scores));
        return new(Mean.Of(pool), Math.Pow(StandardDeviation.Of(pool), 2), Mean.Of(kept) - Mean.Of(pool));
    }

    private static double[] Known(IEnumerable<Scores> scores) =>
        [.. scores.Select(s => s.SelfReference).Where(score => !double.IsNaN(score))];
}
