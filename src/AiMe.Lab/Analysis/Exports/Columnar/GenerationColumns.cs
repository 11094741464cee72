using System.Collections.Immutable;
using AiMe.Faculties.Self;
using AiMe.Lab.Analysis.Comparison;

namespace AiMe.Lab.Analysis.Exports.Columnar;

/// <summary>A generation of an instance in the table <c>generations</c>.</summary>
/// <param name="WordBudget">Words of a round that distinct-2 is computed on.</param>
internal sealed record GenerationRow(ExportedInstance Of, int Generation, int WordBudget);

/// <summary>The table <c>generations</c>: one column a measure of <c>aime compare</c>.</summary>
internal static class GenerationColumns
{
    public static ImmutableArray<Column<GenerationRow>> All { get; } =
    [
        new Column<GenerationRow>.Text("run", r => r.Of.Plan.Run),
        new Column<GenerationRow>.Text("instance", r => r.Of.Summary.Instance),
        new Column<GenerationRow>.Text("variant", r => r.Of.Summary.Variant),
        new Column<GenerationRow>.Whole("replicate", r => r.Of.Summary.Replicate),
        new Column<GenerationRow>.Text("parent", r => r.Of.Progress.Parent),
        new Column<GenerationRow>.Whole("generation", r => r.Generation),
        new Column<GenerationRow>.Text("model", r => r.Of.Models[r.Generation]),
        new Column<GenerationRow>.Text("outcome", Outcome),
        new Column<GenerationRow>.Fact("unplanned", r => r.Of.Summary.IsUnplannedBy(r.Generation)),
        new Column<GenerationRow>.Fact("ended_early", r => r.Of.Summary.IsCensored),
        .. Measure.All.Select(m => new Column<GenerationRow>.Number(ColumnNames.Snake(m.Key), r =>
            m.Of(r.Of.Summary, r.Generation, r.WordBudget)
        )),
    ];

    // Null for generation 0, and for a round whose training has no outcome yet.
    private static string? Outcome(GenerationRow row) =>
        row.Of.Summary.Trainings.FirstOrDefault(t => t.Round == row.Generation) is { } training
            ? training.Outcome == RoundOutcome.Untrained
                ? "skipped"
                : ColumnNames.Word(training.Outcome)
            : null;
}
