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
    public static ImmutableArray<TableColumn<ExportedInstance>> All { get; } =
    [
        new TableColumn<ExportedInstance>.Utf8Text("run", i => i.Plan.Run),
        new TableColumn<ExportedInstance>.Utf8Text("instance", i => i.Summary.Instance),
        new TableColumn<ExportedInstance>.Utf8Text("variant", i => i.Summary.Variant),
        new TableColumn<ExportedInstance>.Whole("replicate", i => i.Summary.Replicate),
        new TableColumn<ExportedInstance>.Utf8Text("parent", i => i.Progress.Parent),
        new TableColumn<ExportedInstance>.Utf8Text("status", i => ColumnNames.Word(i.Summary.Status)),
        new TableColumn<ExportedInstance>.Utf8Text("reason", i => i.Progress.Reason),
        new TableColumn<ExportedInstance>.Utf8Text("digest", i =>
            i.Summary.Status == InstanceState.Finished ? i.Progress.Heads.Digest() : null
        ),
        new TableColumn<ExportedInstance>.Whole("reached", i => i.Summary.Reached),
        new TableColumn<ExportedInstance>.Whole("experiences", i => i.Summary.Experiences),
        new TableColumn<ExportedInstance>.Whole("unplanned", i => i.Summary.Unplanned),
        new TableColumn<ExportedInstance>.Number("floor", i => i.Summary.Floor),
        new TableColumn<ExportedInstance>.Number("agent_floor", i => i.Summary.AgentFloor),
        new TableColumn<ExportedInstance>.Whole("events", i => i.Events),
        new TableColumn<ExportedInstance>.Utf8Text("charter", i => i.Summary.Charter),
    ];
}
