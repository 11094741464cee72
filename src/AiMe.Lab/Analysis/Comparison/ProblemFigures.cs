using System.Collections.Immutable;
using AiMe.Faculties.Memory;
using AiMe.Metrics.Statistics;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>Adaptability: checkable problems solved in a round.</summary>
/// <param name="Met">
/// Share solved of the problems on a topic of which the instance had met a problem before, in [0, 1]; NaN without one.
/// </param>
/// <param name="New">The same of the first problem on each topic.</param>
public sealed record ProblemFigures(double Met, double New)
{
    /// <summary>Nothing is known.</summary>
    public static readonly ProblemFigures Unknown = new(double.NaN, double.NaN);

    /// <summary>The figures of every round, by its number.</summary>
    /// <param name="experiences">All experiences of the instance, in order.</param>
    public static ImmutableDictionary<int, ProblemFigures> ByRound(IEnumerable<Stored> experiences)
    {
        var met = new HashSet<string>(StringComparer.Ordinal);
        List<(int Round, bool IsNew, double Solved)> problems =
        [
            .. experiences.Where(s => !double.IsNaN(s.Scores.Correctness)).Select(s => (s.Round, met.Add(s.Topic), s.Scores.Correctness)),
        ];
        return problems
            .GroupBy(p => p.Round)
            .ToImmutableDictionary(r => r.Key, r => new ProblemFigures(Share(r.Where(p => !p.IsNew)), Share(r.Where(p => p.IsNew))));
    }

    private static double Share(IEnumerable<(int Round, bool IsNew, double Solved)> problems) =>
        Mean.Of([.. problems.Select(p => p.Solved)]);
}
