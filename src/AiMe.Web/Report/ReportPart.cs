using System.Collections.Immutable;

namespace AiMe.Web.Report;

/// <summary>A part of a report: its anchor and its heading.</summary>
/// <param name="Key">Stable, for links.</param>
public sealed record ReportPart(string Key, string Title)
{
    private const string Interventions = "interventions";

    /// <summary>The parts in their order; a run without interventions has no part of them.</summary>
    public static ImmutableArray<ReportPart> All { get; } =
    [
        new("answer", "The question and the answer"),
        new("contrasts", "The declared contrasts"),
        new(Interventions, "The scheduled interventions"),
        new("measures", "Every measure over generations"),
        new("survival", "Survival"),
        new("doses", "Doses"),
        new("acceptance", "Acceptance and reasons for rejection"),
        new("answers", "The same question, answered by each variant"),
        new("identity", "Ways through identity space"),
        new("lineage", "Lineage of the models"),
        new("battery", "What the battery is worth"),
        new("registration", "The pre-registration and its deviations"),
        new("honest", "What this rests on"),
    ];

    /// <summary>The parts of the report of a run, in their order.</summary>
    public static IEnumerable<ReportPart> Of(ReportRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return All.Where(p => p.Key != Interventions || !run.Interventions.IsEmpty);
    }

    /// <summary>The heading of a part.</summary>
    public static string TitleOf(string key) => All.Single(p => p.Key == key).Title;
}
