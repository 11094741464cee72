using System.Collections.Immutable;
using AiMe.Lab.Analysis.Comparison;
using Spectre.Console;

namespace AiMe.Console.Output.Comparison;

/// <summary>Shows several runs in one table: a row for each variant of each run, without pooling.</summary>
public static class RunsBlock
{
    private static readonly ImmutableArray<Measure> Usual =
    [
        Measure.BareDrift,
        Measure.AgentDrift,
        Measure.HeldOutRise,
        Measure.Novelty,
        Measure.Distinct2,
        Measure.Acceptance,
    ];

    /// <summary>Writes the table, and the differences between the runs' plans.</summary>
    public static void Write(IAnsiConsole console, IReadOnlyList<RunComparison> runs)
    {
        CompareView.Heading(
            console,
            "All runs side by side",
            "mean over the instances of that run [95% interval]; nothing is pooled across runs"
        );
        var columns = new MeasureColumns([.. ByVariant(runs)], console.Profile.Capabilities.Unicode);
        ImmutableArray<Measure> measures = runs[0].ChoosesMeasures ? runs[0].Measures : Usual;
        Sheet.Write(
            console,
            new SheetColumn(
                "variant\nof run",
                [.. columns.Rows.Select(r => new Figure(CompareCells.Folded(r.Variant.Name, console.Profile.Width), r.Of.Plan.Run))]
            ),
            [columns.Instances, columns.Generations, .. measures.Select(columns.Of)]
        );
        foreach (var run in runs.Skip(1))
            CompareView.Notes(console, Difference(runs[0], run));
        if (measures.Contains(Measure.Distinct2) && runs.Select(r => r.WordBudget).Distinct().Count() > 1)
            CompareView.Notes(
                console,
                "distinct-2 falls with length, and these runs allow "
                    + $"{string.Join(", ", runs.Select(r => $"{r.WordBudget}"))} words: compare it only within a run."
            );
        CompareView.Notes(
            console,
            "Runs share no instances, so no difference between them is tested. Drift is from the run's own generation 0."
        );
    }

    // The rows of one variant are adjacent, in the order of the first run that has it.
    private static IEnumerable<RunComparison> ByVariant(IReadOnlyList<RunComparison> runs) =>
        runs.SelectMany(r => r.Variants)
            .Select(v => v.Name)
            .Distinct(StringComparer.Ordinal)
            .SelectMany(name =>
                runs.Where(r => r.Variants.Any(v => v.Name == name))
                    .Select(r => r with { Variants = [.. r.Variants.Where(v => v.Name == name)] })
            );

    private static string Difference(RunComparison first, RunComparison other)
    {
        var parts = PlanDifference.Between(first.Plan, other.Plan);
        if (parts.IsEmpty)
            return $"{other.Plan.Run} has the same plan as {first.Plan.Run}.";
        var replication = parts is ["seed"] ? " only: it is a replication" : "";
        return $"{other.Plan.Run} differs from {first.Plan.Run} in {string.Join(", ", parts)}{replication}.";
    }
}
