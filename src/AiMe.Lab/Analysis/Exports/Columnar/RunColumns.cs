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
    public static ImmutableArray<Column<RunRow>> All { get; } =
    [
        new Column<RunRow>.Text("run", r => r.Comparison.Plan.Run),
        new Column<RunRow>.Text("experiment", r => RunPlan.ExperimentOf(r.Comparison.Plan.Run)),
        new Column<RunRow>.Text("digest", r => r.Comparison.Digest),
        new Column<RunRow>.Text("seed", r => r.Comparison.Plan.Seed.ToString()),
        new Column<RunRow>.Text("base_model", r => r.Comparison.Plan.Base.Value),
        new Column<RunRow>.Text("charter", r => r.Comparison.Plan.Charter.Name),
        new Column<RunRow>.Whole("variants", r => r.Comparison.Plan.Variants.Length),
        new Column<RunRow>.Whole("replicates", r => r.Comparison.Plan.Replicates),
        new Column<RunRow>.Whole("rounds", r => r.Comparison.Plan.Rounds),
        new Column<RunRow>.Whole("experiences_per_round", r => r.Comparison.Plan.Every),
        new Column<RunRow>.Time("epoch", r => r.Comparison.Plan.Epoch),
        new Column<RunRow>.Number("tick_seconds", r => r.Comparison.Plan.Tick.TotalSeconds),
        new Column<RunRow>.Whole("generation", r => r.Comparison.Generation),
        new Column<RunRow>.Whole("declared_generation", r => r.Comparison.DeclaredGeneration),
        new Column<RunRow>.Whole("reached", r => r.Comparison.Reached),
        new Column<RunRow>.Text("question", r => r.Comparison.Analysis.Question),
        new Column<RunRow>.Number("alpha", r => r.Comparison.Analysis.Alpha),
        new Column<RunRow>.Whole("family", r => r.Comparison.Family),
        new Column<RunRow>.Whole("distinct2_words", r => r.Comparison.WordBudget),
        new Column<RunRow>.Number("floor", r => r.Comparison.Floor),
        new Column<RunRow>.Number("agent_floor", r => r.Comparison.AgentFloor),
        new Column<RunRow>.Whole("experiences", r => r.Comparison.Experiences),
        new Column<RunRow>.Whole("events", r => r.Events),
    ];
}
