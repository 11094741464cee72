using System.Collections.Immutable;
using System.Diagnostics;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Metrics.Statistics;

namespace AiMe.Lab.Analysis.Predictions;

/// <summary>The predicted number of each replicate.</summary>
internal static class PredictedValues
{
    /// <summary>One number for each replicate, in order; NaN if one of its values is missing.</summary>
    public static ImmutableArray<double> Of(RunComparison comparison, Prediction prediction, int generation)
    {
        var measure = Measure.Find(prediction.Measure)!;
        var instances = comparison.Counted.ToLookup(i => (i.Variant, i.Replicate));
        return [.. Enumerable.Range(1, comparison.Plan.Replicates).Select(Number)];

        double Number(int replicate)
        {
            return prediction.Of switch
            {
                PredictedNumber.LevelOf level => Value(level.Variant, generation),
                PredictedNumber.StepOf step => Value(step.Variant, generation) - Value(step.Variant, generation - 1),
                PredictedNumber.ContrastOf c => Value(c.First, generation) - c.Times * Value(c.Second, generation, c.Than),
                // A measure of rounds has no value at generation 0.
                PredictedNumber.GrowthOf growth => LeastSquares.Slope([
                    .. Enumerable
                        .Range(0, generation + 1)
                        .Select(g => (X: (double)g, Y: Value(growth.Variant, g)))
                        .SkipWhile(p => p.X == 0 && double.IsNaN(p.Y)),
                ]),
                PredictedNumber.OrderOf order => LeastSquares.Slope([
                    .. order.Variants.Select((v, place) => ((double)place, Value(v, generation))),
                ]),
                // The last generation has no round after it.
                PredictedNumber.ResponseOf response => LeastSquares.Slope([
                    .. response.Variants.SelectMany(v =>
                        Enumerable.Range(1, generation - 1).Select(g => (Value(v, g, response.To), Value(v, g + 1) - Value(v, g)))
                    ),
                ]),
                PredictedNumber.CorrelationOf c => Correlation(c),
                _ => throw new UnreachableException(),
            };

            // At generation 0 the instances are one model.
            double Correlation(PredictedNumber.CorrelationOf c)
            {
                (double X, double Y)[] points =
                [
                    .. c.Variants.SelectMany(v => Enumerable.Range(1, generation).Select(g => (Value(v, g, c.To), Value(v, g)))),
                ];
                return RankCorrelation.Of([.. points.Select(p => p.X)], [.. points.Select(p => p.Y)]);
            }

            double Value(string variant, int at, string? other = null) =>
                instances[(variant, replicate)].FirstOrDefault() is { } instance
                    ? (other is null ? measure : Measure.Find(other)!).Of(instance, at, comparison.WordBudget)
                    : double.NaN;
        }
    }
}
