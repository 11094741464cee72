using System.Text.Json.Serialization;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;

namespace AiMe.Console.Output.Documents;

/// <summary>The result of a fork.</summary>
/// <param name="Run">Id of the run.</param>
/// <param name="Parent">The instance that was forked.</param>
/// <param name="Event">Index of the last shared event.</param>
/// <param name="Where">The position of the parent at that event, in words.</param>
/// <param name="Over">Whether each fork has reached the end of the plan or is parked.</param>
/// <param name="Changes">The changed settings, in words.</param>
/// <param name="Forks">With controls, the changed ones first.</param>
/// <param name="Comparison">Changed against unchanged forks; absent without replicates or before the end.</param>
internal sealed record ForkOutput(
    string Run,
    string Parent,
    long Event,
    string Where,
    bool Over,
    IReadOnlyList<SettingChange> Changes,
    IReadOnlyList<ForkedInstance> Forks,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ForkComparisonOutput? Comparison
) : OutputDocument
{
    public static ForkOutput Of(ForkReport report) =>
        new(
            report.Run.Plan!.Run,
            report.Target.Order.Parent,
            report.Target.Order.Index,
            report.Where,
            report.Over,
            [.. report.Changes.Select(c => new SettingChange(c.What, c.How))],
            [.. report.Made.Select(w => ForkedInstance.Of(report, w))],
            report.Comparison is { } comparison ? ForkComparisonOutput.Of(comparison) : null
        );
}

/// <summary>A changed setting.</summary>
/// <param name="What">The setting.</param>
/// <param name="How">Its change.</param>
internal sealed record SettingChange(string What, string How);

/// <summary>A fork.</summary>
/// <param name="Instance">Name of the fork.</param>
/// <param name="Changed">Whether its settings differ from its parent's in more than the seed.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Status">Living until its plan is complete.</param>
/// <param name="Parked">Why it is parked, or null.</param>
/// <param name="Cycle">Completed experiences.</param>
/// <param name="Generation">The last generation reached.</param>
/// <param name="Digest">Digest of the fork; null while it is running.</param>
internal sealed record ForkedInstance(
    string Instance,
    bool Changed,
    string Seed,
    InstanceState Status,
    string? Parked,
    int Cycle,
    int Generation,
    string? Digest
)
{
    public static ForkedInstance Of(ForkReport report, ForkRequest wish)
    {
        var (instance, order) = (report.Run.Instances[wish.Name], report.Target.Order);
        var settings = wish.Changed ?? order.Before;
        return new(
            wish.Name,
            (settings with { Seed = order.Before.Seed }).Equals(order.Changed with { Seed = order.Before.Seed }) && report.Changes.Any(),
            settings.Seed.ToString(),
            instance.Status,
            instance.Reason,
            instance.Cycle,
            instance.Generation,
            instance.IsAtRest ? instance.Heads.Digest() : null
        );
    }
}

/// <summary>Changed against unchanged forks.</summary>
/// <param name="Generation">The compared generation.</param>
/// <param name="Over">What varies between the replicates.</param>
/// <param name="Level">Coverage of every interval, a fraction.</param>
/// <param name="Measures">Every measure.</param>
internal sealed record ForkComparisonOutput(int Generation, string Over, double Level, IReadOnlyList<ForkMeasure> Measures)
{
    public static ForkComparisonOutput Of(RunComparison comparison) =>
        new(
            comparison.Generation,
            "sampling and training after the event, within one instance",
            Estimate.Level,
            [.. comparison.Measures.Select(m => ForkMeasure.Of(comparison, m))]
        );
}

/// <summary>A measure of changed and unchanged forks.</summary>
/// <param name="Measure">Key of the measure.</param>
/// <param name="Unchanged">Of the unchanged forks.</param>
/// <param name="Changed">Of the changed forks.</param>
/// <param name="Difference">Changed minus unchanged, seed by seed.</param>
/// <param name="P">Two-sided sign-flip test, in (0, 1]; null if there is nothing to test.</param>
/// <param name="Declared">Whether the comparison was declared beforehand.</param>
internal sealed record ForkMeasure(
    string Measure,
    EstimateOutput Unchanged,
    EstimateOutput Changed,
    EstimateOutput Difference,
    double? P,
    bool Declared
)
{
    public static ForkMeasure Of(RunComparison comparison, Measure measure)
    {
        var (changed, same) = (comparison.Variants[0], comparison.Variants[1]);
        var pair = comparison.Pair(changed.Name, same.Name, measure);
        return new(
            measure.Key,
            EstimateOutput.Of(same.Last(measure)),
            EstimateOutput.Of(changed.Last(measure)),
            EstimateOutput.Of(pair.Difference),
            pair.P,
            pair.Declared
        );
    }
}
