using System.Collections.Immutable;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Comparison.Declared;
using AiMe.Lab.Analysis.Comparison.Tables;
using AiMe.Lab.Analysis.Comparison.Treatments;
using AiMe.Web.Charts;

namespace AiMe.Web.Report;

/// <summary>The effect of a scheduled intervention by one measure: a chart over generations and the numbers behind it.</summary>
public static class EffectFigure
{
    /// <summary>The chart: the change of the difference with its 95% interval, beside the line of no change.</summary>
    public static LineChartData Chart(RunComparison comparison, TreatmentEffect effect, SeriesStyle style)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        ArgumentNullException.ThrowIfNull(effect);
        var (treatment, measure) = (effect.Treatment, effect.Measure);
        return new LineChartData(
            $"Effect on {measure.Title}",
            $"{treatment.Variant} minus {effect.Control}: change since generation {treatment.First - 1}. Mean of generations "
                + $"{treatment.First} to {comparison.Generation}: {measure.Show(effect.After, difference: true)}, "
                + $"p {TestWords.P(effect.P)}."
                + InterventionMarks.Sentences(comparison),
            "generation",
            $"change in {measure.Title}{MeasureFigure.Unit(measure)}",
            [
                new LineSeries(
                    $"{treatment.Variant} \u2212 {effect.Control}",
                    style,
                    [.. effect.ByGeneration.Select((e, g) => new BandPoint(g, e.Mean, e.Low, e.High))],
                    []
                ),
            ],
            double.NegativeInfinity,
            double.PositiveInfinity,
            measure.Percent
        )
        {
            AreDifferences = true,
            References = [new ReferenceLine(0, "no change")],
            Events = InterventionMarks.Lines(comparison),
        };
    }

    /// <summary>The numbers: a row a generation.</summary>
    public static PlainTable Table(RunComparison comparison, TreatmentEffect effect)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        ArgumentNullException.ThrowIfNull(effect);
        return new PlainTable(
            ["run", "cycle", "variant", "control", "measure", "generation", "change", "low", "high", "n"],
            [
                .. effect
                    .ByGeneration.Index()
                    .Where(e => e.Item.N > 0)
                    .Select(e =>
                        (ImmutableArray<string>)
                            [
                                comparison.Plan.Run,
                                Cells.Of(effect.Treatment.Cycle),
                                effect.Treatment.Variant,
                                effect.Control,
                                effect.Measure.Key,
                                Cells.Of(e.Index),
                                Cells.Of(e.Item.Mean),
                                Cells.Of(e.Item.Low),
                                Cells.Of(e.Item.High),
                                Cells.Of(e.Item.N),
                            ]
                    ),
            ]
        );
    }
}
