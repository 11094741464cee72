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
    public static ImmutableArray<TableColumn<GenerationRow>> All { get; } =
    [
        new TableColumn<GenerationRow>.Utf8Text("run", r => r.Of.Plan.Run),
        new TableColumn<GenerationRow>.Utf8Text("instance", r => r.Of.Summary.Instance),
        new TableColumn<GenerationRow>.Utf8Text("variant", r => r.Of.Summary.Variant),
        new TableColumn<GenerationRow>.Whole("replicate", r => r.Of.Summary.Replicate),
        new TableColumn<GenerationRow>.Utf8Text("parent", r => r.Of.Progress.Parent),
        new TableColumn<GenerationRow>.Whole("generation", r => r.Generation),
        new TableColumn<GenerationRow>.Utf8Text("model", r => r.Of.Models[r.Generation]),
        new TableColumn<GenerationRow>.Utf8Text("outcome", Outcome),
        new TableColumn<GenerationRow>.Fact("unplanned", r => r.Of.Summary.IsUnplannedBy(r.Generation)),
        new TableColumn<GenerationRow>.Fact("ended_early", r => r.Of.Summary.IsCensored),
        .. Measure.All.Select(m => new TableColumn<GenerationRow>.Number(ColumnNames.Snake(m.Key), r =>
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
