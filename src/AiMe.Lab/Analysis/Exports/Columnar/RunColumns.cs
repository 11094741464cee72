using System.Collections.Immutable;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;

namespace AiMe.Lab.Analysis.Exports.Columnar;

/// <summary>A run in the table <c>runs</c>.</summary>
/// <param name="Events">Rows of the table <c>events</c>.</param>
internal sealed record RunRow(RunComparison Comparison, long Events);

/// <summary>The table <c>runs</c>: one row.</summary>
internal static class RunColumns
{
    public static ImmutableArray<TableColumn<RunRow>> All { get; } =
    [
        new TableColumn<RunRow>.Utf8Text("run", r => r.Comparison.Plan.Run),
        new TableColumn<RunRow>.Utf8Text("experiment", r => RunPlan.ExperimentOf(r.Comparison.Plan.Run)),
        new TableColumn<RunRow>.Utf8Text("digest", r => r.Comparison.Digest),
        new TableColumn<RunRow>.Utf8Text("seed", r => r.Comparison.Plan.Seed.ToString()),
        new TableColumn<RunRow>.Utf8Text("base_model", r => r.Comparison.Plan.Base.Value),
        new TableColumn<RunRow>.Utf8Text("charter", r => string.Join("; ", r.Comparison.Plan.AllCharters.Select(c => c.Name))),
        new TableColumn<RunRow>.Whole("variants", r => r.Comparison.Plan.Variants.Length),
        new TableColumn<RunRow>.Whole("replicates", r => r.Comparison.Plan.Replicates),
        new TableColumn<RunRow>.Whole("rounds", r => r.Comparison.Plan.Rounds),
        new TableColumn<RunRow>.Whole("experiences_per_round", r => r.Comparison.Plan.Every),
        new TableColumn<RunRow>.Time("epoch", r => r.Comparison.Plan.Epoch),
        new TableColumn<RunRow>.Number("tick_seconds", r => r.Comparison.Plan.Tick.TotalSeconds),
        new TableColumn<RunRow>.Whole("generation", r => r.Comparison.Generation),
        new TableColumn<RunRow>.Whole("declared_generation", r => r.Comparison.DeclaredGeneration),
        new TableColumn<RunRow>.Whole("reached", r => r.Comparison.Reached),
        new TableColumn<RunRow>.Utf8Text("question", r => r.Comparison.Analysis.Question),
        new TableColumn<RunRow>.Number("alpha", r => r.Comparison.Analysis.Alpha),
        new TableColumn<RunRow>.Whole("family", r => r.Comparison.Family),
        new TableColumn<RunRow>.Whole("distinct2_words", r => r.Comparison.WordBudget),
        new TableColumn<RunRow>.Number("floor", r => r.Comparison.Floor),
        new TableColumn<RunRow>.Number("agent_floor", r => r.Comparison.AgentFloor),
        new TableColumn<RunRow>.Whole("experiences", r => r.Comparison.Experiences),
        new TableColumn<RunRow>.Whole("events", r => r.Events),
    ];
}
