using System.Collections.Immutable;
using AiMe.Metrics.Statistics;

namespace AiMe.Lab.Analysis.Batteries;

/// <summary>A scale's self-report and behaviour over the instances of a run.</summary>
/// <param name="SelfReport">Mean over the instances that have both.</param>
/// <param name="Behaviour">Mean over the same.</param>
/// <param name="Correlation">
/// Spearman's over the same, [-1, 1]; NaN below three instances or if one side does not vary.
/// </param>
/// <param name="N">Instances that have both.</param>
public sealed record TwinReport(string Scale, double SelfReport, double Behaviour, double Correlation, int N)
{
    /// <summary>The scales of some sittings, in ordinal order.</summary>
    /// <param name="sittings">One for each instance.</param>
    public static ImmutableArray<TwinReport> Of(IEnumerable<ImmutableSortedDictionary<string, TwinScore>> sittings) =>
        [
            .. sittings
                .SelectMany(s => s)
                .GroupBy(s => s.Key, s => s.Value, StringComparer.Ordinal)
                .OrderBy(s => s.Key, StringComparer.Ordinal)
                .Select(s => Of(s.Key, [.. s.Where(x => !double.IsNaN(x.SelfReport) && !double.IsNaN(x.Behaviour))])),
        ];

    private static TwinReport Of(string scale, ImmutableArray<TwinScore> both)
    {
        double[] said = [.. both.Select(s => s.SelfReport)],
            done = [.. both.Select(s => s.Behaviour)];
        return new(scale, Mean.Of(said), Mean.Of(done), RankCorrelation.Of(said, done), both.Length);
    }
}
