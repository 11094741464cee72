using System.Collections.Immutable;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Comparison.Tables;

namespace AiMe.Web.Report;

/// <summary>All figures of all instances: a row an instance and generation, a column a measure.</summary>
public static class InstanceSheet
{
    /// <summary>The rows of a comparison, up to its generation.</summary>
    public static PlainTable Of(RunComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        ImmutableArray<Measure> measures = [.. comparison.Measures.Where(m => MeasureFigure.HasValues(comparison, m))];
        return new PlainTable(
            ["run", "variant", "replicate", "instance", "generation", .. measures.Select(m => m.Key)],
            [
                .. from instance in comparison.Counted
                from generation in Enumerable.Range(0, Math.Min(instance.Reached, comparison.Generation) + 1)
                select (ImmutableArray<string>)
                    [
                        comparison.Plan.Run,
                        instance.Variant,
                        Cells.Of(instance.Replicate),
                        instance.Instance,
                        Cells.Of(generation),
                        .. measures.Select(m => Cells.Of(m.Of(instance, generation, comparison.WordBudget))),
                    ],
            ]
        );
    }
}
