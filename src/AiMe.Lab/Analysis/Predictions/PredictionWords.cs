using System.Diagnostics;
using System.Globalization;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;

namespace AiMe.Lab.Analysis.Predictions;

/// <summary>Predictions in words.</summary>
public static class PredictionWords
{
    /// <summary>The number, such as <c>held-out rise of replace minus accumulate</c>.</summary>
    public static string Number(Prediction prediction)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        var measure = Title(prediction.Measure);
        return prediction.Of switch
        {
            PredictedNumber.LevelOf level => $"{measure} of {level.Variant}",
            PredictedNumber.StepOf step => $"{measure} of {step.Variant} minus that of the generation before",
            PredictedNumber.ContrastOf c => $"{measure} of {c.First} minus {Times(c.Times)}{Second(c)}",
            PredictedNumber.GrowthOf growth =>
                $"{measure} of {growth.Variant}, slope per generation{(growth.From == 0 ? "" : $" from {growth.From} on")}",
            PredictedNumber.OrderOf order =>
                $"{measure}, slope over {order.Variants[0]} to {order.Variants[^1]} ({order.Variants.Length} variants)",
            PredictedNumber.ResponseOf response =>
                $"change of {measure}, slope on {Title(response.To)} in {string.Join(", ", response.Variants)}",
            PredictedNumber.CorrelationOf c => $"correlation of {measure} with {Title(c.To)} in {string.Join(", ", c.Variants)}",
            PredictedNumber.RejectionsOf r =>
                $"{measure} of {r.First} and {r.Second}: rejections by {(r.Test == NullTest.SignFlip ? "the sign-flip" : "the t")} test, "
                    + $"groups of {r.GroupsOf}",
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>The prediction of the number, such as <c>above 5%</c>.</summary>
    public static string Expected(Prediction prediction, Measure measure)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(measure);
        var bound = Show(prediction.Bound);
        return prediction.Side switch
        {
            PredictedSide.Higher => $"above {bound}",
            PredictedSide.Lower => $"below {bound}",
            PredictedSide.Within when prediction.Of is PredictedNumber.RejectionsOf =>
                $"{Show(prediction.Around - prediction.Bound)} to {Show(prediction.Around + prediction.Bound)}",
            PredictedSide.Within when prediction.Around != 0 => $"{Show(prediction.Around)} ±{bound}",
            PredictedSide.Within => $"within ±{bound}",
            _ => throw new UnreachableException(),
        };

        string Show(double value) => value == 0 ? "0" : OfNumber(prediction.Of, value) ?? InUnit(value);
        string InUnit(double value) => prediction.Of is PredictedNumber.LevelOf ? measure.Show(value) : measure.ShowDifference(value);
    }

    /// <summary>What was found, such as <c>+5.1%</c> and <c>[4.2%, 6.0%]</c>; of a counted share, of how many tests.</summary>
    public static (string Mean, string Range) Found(PredictionResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var e = result.Estimate;
        return result.Declared.Of switch
        {
            PredictedNumber.RejectionsOf when e.N > 0 => (OfNumber(result.Declared.Of, e.Mean)!, $"of {e.N} tests"),
            PredictedNumber.CorrelationOf when e.HasInterval => (
                OfNumber(result.Declared.Of, e.Mean)!,
                $"[{OfNumber(result.Declared.Of, e.Low)}, {OfNumber(result.Declared.Of, e.High)}]"
            ),
            _ => result.Measure.Parts(e, difference: result.Declared.Of is not PredictedNumber.LevelOf),
        };
    }

    // Numbers that are not in the unit of the measure; null for those that are.
    private static string? OfNumber(PredictedNumber number, double value) =>
        number switch
        {
            PredictedNumber.RejectionsOf => value.ToString("0.#%", CultureInfo.InvariantCulture),
            PredictedNumber.CorrelationOf => value.ToString("0.00", CultureInfo.InvariantCulture),
            _ => null,
        };

    /// <summary>What a run says of its predictions, and of how many of them are shown.</summary>
    public static string Of(RunComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        var (shown, all) = (comparison.Predictions.Length, comparison.AllPredictions.Length);
        var verdict = comparison.Verdict is { } of ? Of(of) : "not judged before the run has finished";
        return shown == all
            ? verdict
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{verdict}, by all {all} predictions, of which {shown} {(shown == 1 ? "is" : "are")} shown"
            );
    }

    /// <summary>How a table of predictions is read.</summary>
    /// <param name="alpha">Level of the run's tests.</param>
    public static string Rule(double alpha) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"An interval beyond the bound reproduces a prediction, one on the other side excludes it. All primary intervals hold together "
                + $"with confidence {1 - alpha:0.###%}; a secondary one has that confidence alone, and does not count towards the verdict."
        );

    /// <summary>A verdict, or why there is none.</summary>
    public static string Of(PredictionResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.Estimate.N == 0 ? "inconclusive (no value)" : Of(result.Verdict);
    }

    /// <summary>A verdict in one or two words.</summary>
    public static string Of(PredictionVerdict verdict) =>
        verdict switch
        {
            PredictionVerdict.Reproduced => "reproduced",
            PredictionVerdict.NotReproduced => "not reproduced",
            PredictionVerdict.Inconclusive => "inconclusive",
            _ => throw new UnreachableException(),
        };

    private static string Second(PredictedNumber.ContrastOf c) => c.Than is null ? c.Second : $"{Title(c.Than)} of {c.Second}";

    private static string Times(double times) => times == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"{times:0.###} times ");

    private static string Title(string key) => Measure.Find(key)?.Title ?? key;
}
