using System.Collections.Immutable;
using System.Globalization;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Comparison.Treatments;
using AiMe.Web.Charts;

namespace AiMe.Web.Report;

/// <summary>The scheduled interventions in charts over generations: upright lines, and the same in words for a screen reader.</summary>
/// <remarks>
/// A line stands where its cycle is among the generations: before the first cycle of round 4 at generation 3, within the round between 3
/// and 4. Shown are those of the shown variants that can have changed a figure by the compared generation.
/// </remarks>
public static class InterventionMarks
{
    /// <summary>The lines, from left to right; empty without interventions.</summary>
    public static ImmutableArray<EventLine> Lines(RunComparison comparison) =>
        [
            .. Shown(comparison)
                .GroupBy(t => t.Cycle)
                .Select(g => new EventLine(
                    Place(comparison, g.Key),
                    $"cycle {Number(g.Key)}: {string.Join(", ", g.Select(t => t.Variant))}"
                )),
        ];

    /// <summary>A sentence for each; empty without interventions, else with a space before it.</summary>
    public static string Sentences(RunComparison comparison) =>
        string.Concat(
            Shown(comparison)
                .Select(t =>
                    $" The upright line at generation {Place(comparison, t.Cycle).ToString("0.##", CultureInfo.InvariantCulture)} is an "
                    + $"intervention before cycle {Number(t.Cycle)}: {t.Variant} {t.Words}."
                )
        );

    /// <summary>What a variant has had by a generation, for a column of a table: <c>from cycle 40</c>; empty for nothing.</summary>
    public static string By(RunComparison comparison, string variant, int generation) =>
        Shown(comparison).Where(t => t.Variant == variant && t.First <= generation).Select(t => Number(t.Cycle)).ToArray()
            is { Length: > 0 } cycles
            ? $"from cycle {string.Join(", ", cycles)}"
            : "";

    private static IEnumerable<Treatment> Shown(RunComparison comparison) =>
        Treatment.All(comparison.Plan).Where(t => t.First <= comparison.Generation && comparison.Variants.Any(v => v.Name == t.Variant));

    private static double Place(RunComparison comparison, int cycle) => (cycle - 1) / (double)comparison.Plan.Every;

    private static string Number(int cycle) => cycle.ToString("N0", CultureInfo.InvariantCulture);
}
