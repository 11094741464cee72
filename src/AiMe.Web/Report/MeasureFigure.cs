using System.Collections.Immutable;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Comparison.Tables;
using AiMe.Web.Charts;

namespace AiMe.Web.Report;

/// <summary>A measure over generations: a chart and the numbers behind it.</summary>
public static class MeasureFigure
{
    /// <summary>Whether a measure has any value in the shown variants.</summary>
    public static bool HasValues(RunComparison comparison, Measure measure) =>
        comparison.Variants.Any(v => v[measure].Any(e => !double.IsNaN(e.Mean)));

    /// <summary>The chart: means with 95% intervals, and a thin line for each instance.</summary>
    public static LineChartData Chart(RunComparison comparison, Measure measure, ImmutableDictionary<string, SeriesStyle> styles)
    {
        var counted = comparison.Counted.ToArray();
        return new LineChartData(
            measure.Title,
            $"{measure.Meaning}. At generation {comparison.Generation}: "
                + $"{string.Join("; ", comparison.Variants.Select(v => $"{v.Name} {measure.Show(v.Last(measure))}"))}."
                + InterventionMarks.Sentences(comparison),
            "generation",
            AxisTitle.Of(measure),
            [.. comparison.Variants.Select(v => Series(comparison, measure, v, counted, styles[v.Name]))],
            measure.Least,
            measure.Most,
            measure.Percent
        )
        {
            References =
                Floor(comparison, measure) is { } floor && !double.IsNaN(floor) ? [new ReferenceLine(floor, "floor: rewording")] : [],
            Events = InterventionMarks.Lines(comparison),
        };
    }

    /// <summary>The numbers: a row a variant and generation; with interventions, which of them a variant has had.</summary>
    public static PlainTable Table(RunComparison comparison, Measure measure)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        ArgumentNullException.ThrowIfNull(measure);
        var marked = !InterventionMarks.Lines(comparison).IsEmpty;
        return new PlainTable(
            ["run", "variant", "generation", "measure", "mean", "low", "high", "n", .. marked ? ["intervention"] : (string[])[]],
            [
                .. from variant in comparison.Variants
                from point in variant[measure].Index()
                where point.Item.N > 0
                select (ImmutableArray<string>)
                    [
                        comparison.Plan.Run,
                        variant.Name,
                        Cells.Of(point.Index),
                        measure.Key,
                        Cells.Of(point.Item.Mean),
                        Cells.Of(point.Item.Low),
                        Cells.Of(point.Item.High),
                        Cells.Of(point.Item.N),
                        .. marked ? [InterventionMarks.By(comparison, variant.Name, point.Index)] : (string[])[],
                    ],
            ]
        );
    }

    /// <summary>The unit in brackets; empty if there is none.</summary>
    public static string Unit(Measure measure) =>
        measure.Key switch
        {
            "bareDrift" or "agentDrift" => " (bits)",
            "heldOut" or "tailCrossEntropy" or "selfCrossEntropy" or "plausibility" or "forgetting" => " (nats per token)",
            "klToBirth" => " (nats)",
            "length" => " (words)",
            _ => "",
        };

    private static LineSeries Series(
        RunComparison comparison,
        Measure measure,
        VariantSummary variant,
        InstanceSummary[] instances,
        SeriesStyle style
    ) =>
        new(
            variant.Name,
            style,
            [.. variant[measure].Select((e, g) => new BandPoint(g, e.Mean, e.Low, e.High))],
            [
                .. instances
                    .Where(i => i.Variant == variant.Name)
                    .Select(i =>
                        Enumerable
                            .Range(0, comparison.Generation + 1)
                            .Select(g => measure.Of(i, g, comparison.WordBudget))
                            .ToImmutableArray()
                    ),
            ]
        );

    private static double? Floor(RunComparison comparison, Measure measure) =>
        measure.Key switch
        {
            "bareDrift" => comparison.Floor,
            "agentDrift" => comparison.AgentFloor,
            _ => null,
        };
}
