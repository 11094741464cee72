using System.Collections.Immutable;
using AiMe.Faculties.Trainer;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Comparison.Treatments;
using AiMe.Lab.Analysis.Lineage;
using AiMe.Lab.Analysis.Trajectories;
using AiMe.Lab.History;
using AiMe.Web.Charts;

namespace AiMe.Web.Report;

/// <summary>A run as a report shows it: everything is read and computed before a page is made.</summary>
/// <param name="Record">The run and its instances.</param>
/// <param name="Shown">The selected part of the comparison.</param>
/// <param name="Answers">The same questions answered by each variant at each generation.</param>
/// <param name="Space">The ways through identity space; null if nothing moved.</param>
/// <param name="Reasons">What the curation of each shown variant did.</param>
/// <param name="Lineages">The checkpoints of each shown instance.</param>
/// <param name="Registration">The check against a pre-registration; null if none is asked for.</param>
/// <param name="Styles">How each variant is drawn.</param>
public sealed record ReportRun(
    RunRecord Record,
    RunComparison Shown,
    ImmutableArray<AnswerBoard> Answers,
    IdentitySpace? Space,
    ImmutableArray<VerdictReasons> Reasons,
    ImmutableArray<InstanceLineage> Lineages,
    RegistrationCheck? Registration,
    ImmutableDictionary<string, SeriesStyle> Styles
)
{
    /// <summary>Number of stimuli of which all answers are shown, beside the open probes.</summary>
    public const int MostStimuli = 6;

    /// <summary>The findings of the shown comparison, computed once: a forecast of power among them takes time.</summary>
    public ImmutableArray<ComparisonFinding> Found { get; } = Findings.Of(Shown);

    /// <summary>The scheduled interventions in the shown variants, by cycle.</summary>
    public ImmutableArray<Treatment> Interventions { get; } =
    [.. Treatment.All(Shown.Plan).Where(t => Shown.Variants.Any(v => v.Name == t.Variant))];

    /// <summary>The lineages of instances that trained, by variant in the shown order.</summary>
    public IEnumerable<InstanceLineage> Trained =>
        Shown.Variants.SelectMany(v => Lineages.Where(l => VariantOf(l.Instance) == v.Name && !l.Checkpoints.IsEmpty));

    /// <summary>The trees of all instances that trained; null if none did.</summary>
    public TreeData? Trees =>
        Trained.ToArray() is { Length: > 0 } trained ? LineageFigure.Chart(trained, Shown.Generation, VariantOf, Styles) : null;

    /// <summary>The variant of an instance.</summary>
    public string VariantOf(string instance) => Record.Instances.Single(i => i.Name == instance).Variant.Name;

    /// <summary>Computes what the report of a run needs.</summary>
    /// <param name="comparison">The comparison at the reported generation, of all variants.</param>
    /// <param name="selection">What of it is shown.</param>
    public static ReportRun Of(RunRecord record, RunComparison comparison, Selection selection, RegistrationCheck? registration)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(comparison);
        var shown = comparison.Select(selection);
        var names = shown.Variants.Select(v => v.Name).ToHashSet(StringComparer.Ordinal);
        var part = record with { Instances = [.. record.Instances.Where(i => names.Contains(i.Variant.Name))] };
        return new ReportRun(
            record,
            shown,
            AnswerBoard.Of(part, comparison.Generation, MostStimuli),
            IdentitySpace.Of(part, comparison.Generation),
            [.. VerdictReasons.Of(part, comparison.Generation).Where(r => names.Contains(r.Variant))],
            [
                .. part
                    .Instances.Select(i =>
                        InstanceLineage.Of(record.Plan.Run, i.Name, i.Events.Select(e => e.Happened).OfType<TrainerEvent>())
                    )
                    .OfType<InstanceLineage>(),
            ],
            registration,
            SeriesStyle.Of(record.Plan.Variants.Select(v => v.Name))
        );
    }
}
