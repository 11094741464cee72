using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>One value for each independent unit of a comparison.</summary>
/// <remarks>
/// The replicates of one charter share what is particular to it, so they are no independent draws of charters. A charter counts once,
/// with the mean over its replicates: intervals and tests then speak of charters (Cameron and Miller, 2015). With one replicate a
/// charter, or with one charter, nothing is averaged.
/// </remarks>
internal static class UnitMeans
{
    /// <summary>The means of the units that have a value, in the order of units.</summary>
    /// <param name="byReplicate">Replicate, from 1, and value; NaN values are left out.</param>
    public static double[] Of(IEnumerable<(int Replicate, double Value)> byReplicate, AnalysisUnits units) =>
        [.. Of(byReplicate.Select(v => (v.Replicate, new[] { v.Value })), units).Select(v => v[0])];

    /// <summary>The same for several values that belong together: a replicate in which one is NaN is left out as a whole.</summary>
    /// <returns>Shape (units, values).</returns>
    public static double[][] Of(IEnumerable<(int Replicate, double[] Values)> byReplicate, AnalysisUnits units)
    {
        var whole = byReplicate.Where(v => !Array.Exists(v.Values, double.IsNaN));
        return units.PerUnit == 1
            ? [.. whole.Select(v => v.Values)]
            : [.. whole.GroupBy(v => units.Of(v.Replicate)).OrderBy(g => g.Key).Select(g => Mean([.. g.Select(v => v.Values)]))];
    }

    private static double[] Mean(double[][] values) =>
        [.. Enumerable.Range(0, values[0].Length).Select(i => Metrics.Statistics.Mean.Of([.. values.Select(v => v[i])]))];
}
