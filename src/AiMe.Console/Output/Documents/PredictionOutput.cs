using System.Text.Json.Serialization;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Predictions;

namespace AiMe.Console.Output.Documents;

/// <summary>A prediction that was declared before the run.</summary>
/// <param name="Measure">Key of the measure.</param>
/// <param name="Number">What the number of a replicate is, in words.</param>
/// <param name="Variants">The variants that a replicate must have.</param>
/// <param name="Generation">The generation of which it is.</param>
/// <param name="Side">Where the mean is predicted to be.</param>
/// <param name="Bound">The bound, in the unit of the number; of <c>within</c> on both sides of 0, or of around.</param>
/// <param name="Around">Of <c>within</c>, the number on both sides of which the bound is; missing for 0.</param>
/// <param name="Primary">Whether the verdict on the result depends on it.</param>
/// <param name="Estimate">Mean over replicates with its interval.</param>
/// <param name="Confidence">Coverage of the interval, a fraction: 1 - alpha / number of primary predictions.</param>
/// <param name="Verdict">What the interval says of the bound.</param>
internal sealed record PredictionOutput(
    string Measure,
    string Number,
    IReadOnlyList<string> Variants,
    int Generation,
    PredictedSide Side,
    double Bound,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Around,
    bool Primary,
    EstimateOutput Estimate,
    double Confidence,
    PredictionVerdict Verdict
)
{
    public static PredictionOutput Of(PredictionResult r) =>
        new(
            r.Measure.Key,
            PredictionWords.Number(r.Declared),
            r.Declared.Of.Involved,
            r.Generation,
            r.Declared.Side,
            r.Declared.Bound,
            r.Declared.Around == 0 ? null : r.Declared.Around,
            !r.Declared.IsSecondary,
            EstimateOutput.Of(r.Estimate),
            r.Confidence,
            r.Verdict
        );
}
