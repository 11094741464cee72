using System.Collections.Immutable;
using AiMe.Faculties.Supervisor;
using AiMe.Metrics.Statistics;

namespace AiMe.Lab.Analysis.Comparison.Declared;

/// <summary>Tests of the generation at which a bound is crossed.</summary>
internal static class SurvivalTest
{
    /// <summary>Log-rank scores of two variants, with sign flips within replicates.</summary>
    public static DeclaredTest LogRanks(DeclaredTest test, ContrastData data)
    {
        var known = data
            .Replicates.Zip(Times(test, (DeclaredOutcome.Survival)test.Outcome, data))
            .Where(b => b.Second.All(t => !double.IsNaN(t.Time)))
            .ToArray();
        SurvivalTime[][] times = [.. known.Select(k => k.Second)];
        int[] units = [.. known.Select(k => data.Units.Of(k.First))];
        var n = units.Distinct().Count();
        // The outcome is a time and the statistic counts events: a higher time has its events later.
        var direction = test.Direction switch
        {
            EffectDirection.Higher => Direction.Less,
            EffectDirection.Lower => Direction.Greater,
            _ => Direction.Either,
        };
        var seed = data.Seed.Derive("log-rank", test.Variants[0], test.Variants[1], test.Measure.Key);
        var result = LogRank.Test([.. times.Select(t => t[0])], [.. times.Select(t => t[1])], direction, seed.Value, units);
        return test with
        {
            N = n,
            Statistic = result.Statistic,
            Effect = -result.Statistic,
            P = result.P,
            IsExact = n <= SignFlip.ExactUpTo,
            SmallestP = result.SmallestPossibleP,
            HasTies = result.SmallestPossibleP > SignFlip.SmallestPossibleP(n, direction),
            AttainableSize = SignFlip.AttainableSize(n, test.Alpha, direction),
            Crossings = [Crossed(times, 0), Crossed(times, 1)],
        };
    }

    /// <summary>
    /// The generations of crossing for ranks, of the replicates in which each is known: an instance that was seen to the end
    /// without crossing ranks after every crossing, and a replicate with one that ended early is left out.
    /// </summary>
    public static double[][] Blocks(DeclaredTest test, DeclaredOutcome.Survival outcome, ContrastData data) =>
        [
            .. Times(test, outcome, data)
                .Where(b => b.All(t => t.Happened || t.Time >= data.Generation))
                .Select(b => b.Select(t => t.Happened ? t.Time : double.PositiveInfinity).ToArray()),
        ];

    private static (int, int) Crossed(SurvivalTime[][] times, int variant) => (times.Count(t => t[variant].Happened), times.Length);

    private static IEnumerable<SurvivalTime[]> Times(DeclaredTest test, DeclaredOutcome.Survival outcome, ContrastData data) =>
        data.Replicates.Select(r => test.Variants.Select(v => data.TimeIn(v, r, outcome, test.Measure)).ToArray());
}
