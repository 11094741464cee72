using System.Collections.Immutable;
using System.Diagnostics;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Metrics.Statistics;

namespace AiMe.Lab.Analysis.Predictions;

/// <summary>The predicted number of each replicate.</summary>
internal static class PredictedValues
{
    /// <summary>
    /// One number for each unit, in order, or of rejections for each group of units; NaN if one of its values is missing. A unit is a
    /// replicate, or a charter with the mean over its replicates.
    /// </summary>
    public static ImmutableArray<double> Of(RunComparison comparison, Prediction prediction, int generation)
    {
        var measure = Measure.Find(prediction.Measure)!;
        var instances = comparison.Counted.ToLookup(i => (i.Variant, i.Replicate));
        var planned = comparison.Plan.Units;
        var units = Enumerable.Range(1, planned.Count);
        return prediction.Of is PredictedNumber.RejectionsOf r
            ?
            [
                .. units
                    .Select(unit => OfUnit(unit, replicate => Of(replicate, r.First, generation) - Of(replicate, r.Second, generation)))
                    .Chunk(r.GroupsOf)
                    .Where(group => group.Length == r.GroupsOf)
                    .Select(group => Rejects(group, r.Test, comparison.Analysis.Alpha)),
            ]
            :
            [
                .. units.Select(unit =>
                    OfUnit(unit, replicate => Number(prediction.Of, generation, (v, g, other) => Of(replicate, v, g, other)))
                ),
            ];

        double OfUnit(int unit, Func<int, double> of)
        {
            double[] known = [.. planned.ReplicatesOf(unit).Select(of).Where(v => !double.IsNaN(v))];
            return known.Length == 0 ? double.NaN : Mean.Of(known);
        }

        double Of(int replicate, string variant, int at, string? other = null) =>
            instances[(variant, replicate)].FirstOrDefault() is { } instance
                ? (other is null ? measure : Measure.Find(other)!).Of(instance, at, comparison.WordBudget)
                : double.NaN;
    }

    /// <param name="value">Value of a variant at a generation: of the prediction's measure for null, else of the other measure.</param>
    private static double Number(PredictedNumber number, int generation, Func<string, int, string?, double> value)
    {
        return number switch
        {
            PredictedNumber.LevelOf level => Value(level.Variant, generation),
            // Runs that were recorded before such predictions were refused stay readable.
            PredictedNumber.StepOf when generation < 1 => double.NaN,
            PredictedNumber.StepOf step => Value(step.Variant, generation) - Value(step.Variant, generation - 1),
            PredictedNumber.ContrastOf c => Value(c.First, generation) - c.Times * value(c.Second, generation, c.Than),
            PredictedNumber.GrowthOf growth => Slope(
                Enumerable
                    .Range(growth.From, Math.Max(0, generation - growth.From + 1))
                    .Select(g => (X: (double)g, Y: Value(growth.Variant, g)))
                    // A measure of rounds has no value at generation 0.
                    .SkipWhile(p => p.X == 0 && double.IsNaN(p.Y))
            ),
            PredictedNumber.OrderOf order => Slope(order.Variants.Select((v, place) => ((double)place, Value(v, generation)))),
            // The last generation has no round after it.
            PredictedNumber.ResponseOf r => Slope(
                r.Variants.SelectMany(v =>
                    Enumerable.Range(1, Math.Max(0, generation - 1)).Select(g => (value(v, g, r.To), Value(v, g + 1) - Value(v, g)))
                )
            ),
            PredictedNumber.CorrelationOf c => Correlation(c),
            _ => throw new UnreachableException(),
        };

        double Value(string variant, int at) => value(variant, at, null);

        // At generation 0 the instances are one model.
        double Correlation(PredictedNumber.CorrelationOf c)
        {
            (double X, double Y)[] points =
            [
                .. c.Variants.SelectMany(v => Enumerable.Range(1, Math.Max(0, generation)).Select(g => (value(v, g, c.To), Value(v, g)))),
            ];
            return RankCorrelation.Of([.. points.Select(p => p.X)], [.. points.Select(p => p.Y)]);
        }
    }

    private static double Slope(IEnumerable<(double X, double Y)> points) => LeastSquares.Slope([.. points]);

    // Differences of 0 alone are no evidence of a difference. So few pairs are counted out, without a seed.
    private static double Rejects(double[] differences, NullTest test, double alpha) =>
        Array.Exists(differences, double.IsNaN) ? double.NaN
        : test == NullTest.SignFlip ? Sign(SignFlip.PValue(differences, seed: 0) <= alpha)
        : Sign(StudentT.Interval(differences, 1 - alpha) is { Low: > 0 } or { High: < 0 });

    private static double Sign(bool rejects) => rejects ? 1 : 0;
}
