using System.Collections.Immutable;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Metrics.Statistics;

namespace AiMe.Lab.Analysis.Predictions;

/// <summary>What became of a prediction.</summary>
/// <param name="Declared">The prediction.</param>
/// <param name="Measure">Its measure.</param>
/// <param name="Generation">The generation of which it is.</param>
/// <param name="Estimate">
/// Mean over replicates of the predicted number, with its interval of level <paramref name="Confidence"/>; the interval of a share of
/// rejections has no width.
/// </param>
/// <param name="Confidence">1 - alpha / number of primary predictions (Bonferroni), and 1 - alpha of a secondary one.</param>
public sealed record PredictionResult(Prediction Declared, Measure Measure, int Generation, Estimate Estimate, double Confidence)
{
    private const double RoundingNoise = 1e-9,
        LeastChance = 0.95;

    /// <summary>Level of the run's tests.</summary>
    public required double Alpha { get; init; }

    /// <summary>What the interval says of the bound; of a share of rejections, whether it lies within its bounds.</summary>
    public PredictionVerdict Verdict =>
        !Estimate.HasInterval ? PredictionVerdict.Inconclusive
        : Declared.Of is PredictedNumber.RejectionsOf ? OfShare()
        : Declared.Side switch
        {
            PredictedSide.Higher => Of(Estimate.IsAbove(Declared.Bound), Estimate.IsBelow(Declared.Bound)),
            PredictedSide.Lower => Of(Estimate.IsBelow(Declared.Bound), Estimate.IsAbove(Declared.Bound)),
            PredictedSide.Within => Of(
                Estimate.IsAbove(Declared.Around - Declared.Bound) && Estimate.IsBelow(Declared.Around + Declared.Bound),
                Estimate.IsAbove(Declared.Around + Declared.Bound) || Estimate.IsBelow(Declared.Around - Declared.Bound)
            ),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    // The bounds of a share of tests are those between which it lies if the tests are right: they have the width of an interval.
    // With too few tests a right one misses them often, and neither says anything.
    private PredictionVerdict OfShare()
    {
        var (least, most) = (Declared.Around - Declared.Bound, Declared.Around + Declared.Bound);
        if (ExactBinomial.Within(Estimate.N, Alpha, least, most) < LeastChance)
            return PredictionVerdict.Inconclusive;
        var within = Math.Abs(Estimate.Mean - Declared.Around) <= Declared.Bound + RoundingNoise;
        return Of(within, !within);
    }

    private static PredictionVerdict Of(bool beyond, bool excluded) =>
        beyond ? PredictionVerdict.Reproduced
        : excluded ? PredictionVerdict.NotReproduced
        : PredictionVerdict.Inconclusive;

    /// <summary>The results of a run's declared predictions, in order; a step of each generation is one for each.</summary>
    /// <remarks>
    /// The intervals are Student's over replicates that have every value of the number. All primary predictions hold together with
    /// confidence 1 - alpha. Source: docs/SCIENCE.md, "predictions".
    /// </remarks>
    public static ImmutableArray<PredictionResult> All(RunComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        var plan = comparison.Plan;
        if (plan.Analysis is not { } analysis || analysis.Declared.IsEmpty)
            return [];
        (Prediction Of, int At)[] each = [.. analysis.Declared.SelectMany(p => Generations(p, plan.Rounds).Select(g => (p, g)))];
        var primary = Math.Max(1, each.Count(p => !p.Of.IsSecondary));
        return
        [
            .. each.Select(p =>
            {
                var confidence = 1 - analysis.Alpha / (p.Of.IsSecondary ? 1 : primary);
                return new PredictionResult(
                    p.Of,
                    Measure.Find(p.Of.Measure)!,
                    p.At,
                    EstimateOf(p.Of, PredictedValues.Of(comparison, p.Of, p.At), confidence),
                    confidence
                )
                {
                    Alpha = analysis.Alpha,
                };
            }),
        ];
    }

    /// <summary>What a run says of all primary predictions together: of none, nothing.</summary>
    public static PredictionVerdict Together(IReadOnlyCollection<PredictionResult> results)
    {
        PredictionResult[] primary = [.. results.Where(r => !r.Declared.IsSecondary)];
        return primary.Length == 0 ? PredictionVerdict.Inconclusive
            : Array.TrueForAll(primary, r => r.Verdict == PredictionVerdict.Reproduced) ? PredictionVerdict.Reproduced
            : Array.Exists(primary, r => r.Verdict == PredictionVerdict.NotReproduced) ? PredictionVerdict.NotReproduced
            : PredictionVerdict.Inconclusive;
    }

    // A share of tests is counted, not estimated.
    private static Estimate EstimateOf(Prediction prediction, ImmutableArray<double> values, double confidence)
    {
        var estimate = Estimate.Of(values, level: confidence);
        return prediction.Of is PredictedNumber.RejectionsOf && estimate.N > 0
            ? estimate with
            {
                Low = estimate.Mean,
                High = estimate.Mean,
            }
            : estimate;
    }

    private static IEnumerable<int> Generations(Prediction prediction, int last) =>
        (prediction.Of, prediction.At) switch
        {
            (_, { } at) => [at],
            (PredictedNumber.StepOf, null) => Enumerable.Range(1, last),
            _ => [last],
        };
}

/// <summary>What an interval says of a predicted bound.</summary>
public enum PredictionVerdict
{
    /// <summary>It lies beyond the bound, as predicted.</summary>
    Reproduced,

    /// <summary>It lies on the other side of the bound.</summary>
    NotReproduced,

    /// <summary>It holds the bound, or there is no interval.</summary>
    Inconclusive,
}
