using System.Collections.Immutable;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;

namespace AiMe.Lab.Analysis.Exports.Columnar;

/// <summary>An instance in the tables <c>instances</c> and <c>generations</c>.</summary>
/// <param name="Models">The model at each generation.</param>
internal sealed record ExportedInstance(
    RunPlan Plan,
    InstanceSummary Summary,
    InstanceProgress Progress,
    ImmutableArray<string> Models,
    long Events
);

/// <summary>The table <c>instances</c>.</summary>
internal static class InstanceColumns
{
    public static ImmutableArray<Column<ExportedInstance>> All { get; } =
    [
        new Column<ExportedInstance>.Text("run", i => i.Plan.Run),
        new Column<ExportedInstance>.Text("instance", i => i.Summary.Instance),
        new Column<ExportedInstance>.Text("variant", i => i.Summary.Variant),
        new Column<ExportedInstance>.Whole("replicate", i => i.Summary.Replicate),
        new Column<ExportedInstance>.Text("parent", i => i.Progress.Parent),
        new Column<ExportedInstance>.Text("status", i => ColumnNames.Word(i.Summary.Status)),
        new Column<ExportedInstance>.Text("reason", i => i.Progress.Reason),
        new Column<ExportedInstance>.Text("digest", i => i.Summary.Status == InstanceState.Finished ? i.Progress.Heads.Digest() : null),
        new Column<ExportedInstance>.Whole("reached", i => i.Summary.Reached),
        new Column<ExportedInstance>.Whole("experiences", i => i.Summary.Experiences),
        new Column<ExportedInstance>.Whole("unplanned", i => i.Summary.Unplanned),
        new Column<ExportedInstance>.Number("floor", i => i.Summary.Floor),
        new Column<ExportedInstance>.Number("agent_floor", i => i.Summary.AgentFloor),
        new Column<ExportedInstance>.Whole("events", i => i.Events),
    ];
}
