using System.Collections.Immutable;
using AiMe.Faculties.Supervisor;
using static AiMe.Lab.Analysis.Comparison.Tables.PlainTable;

namespace AiMe.Lab.Analysis.Comparison.Tables;

/// <summary>The raw figures: one row an instance, generation and measure, for statistics elsewhere.</summary>
/// <remarks>
/// An instance has rows up to the last generation that it reached. <c>unplanned</c> says whether it received unplanned input
/// before that generation; <c>ended_early</c>, whether it was parked.
/// </remarks>
public static class InstanceTable
{
    private static readonly ImmutableArray<string> Header =
    [
        "run",
        "variant",
        "replicate",
        "instance",
        "generation",
        "measure",
        "value",
        "unplanned",
        "ended_early",
        "charter",
    ];

    /// <summary>The rows of a comparison.</summary>
    /// <param name="only">The only generation; null for all.</param>
    public static PlainTable Of(RunComparison comparison, int? only) =>
        new(
            Header,
            [
                .. from instance in comparison.Counted
                from generation in Enumerable.Range(0, instance.Reached + 1)
                where only is null || only == generation
                from measure in comparison.Measures
                select (ImmutableArray<string>)
                    [
                        comparison.Plan.Run,
                        instance.Variant,
                        Number(instance.Replicate),
                        instance.Instance,
                        Number(generation),
                        measure.Key,
                        Number(measure.Of(instance, generation, comparison.WordBudget)),
                        Word(instance.IsUnplannedBy(generation)),
                        Word(instance.Status == InstanceState.Parked),
                        instance.Charter,
                    ],
            ]
        );
}
