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
            PredictedNumber.GrowthOf growth => $"{measure} of {growth.Variant}, slope per generation",
            PredictedNumber.OrderOf order => $"{measure}, slope over {string.Join(", ", order.Variants)}",
            PredictedNumber.ResponseOf response =>
                $"change of {measure}, slope on {Title(response.To)} in {string.Join(", ", response.Variants)}",
            PredictedNumber.CorrelationOf c => $"correlation of {measure} with {Title(c.To)} in {string.Join(", ", c.Variants)}",
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>The prediction of the number, such as <c>above 5%</c>.</summary>
    public static string Expected(Prediction prediction, Measure measure)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(measure);
        var bound = measure.Show(prediction.Bound);
        return prediction.Side switch
        {
            PredictedSide.Higher => $"above {bound}",
            PredictedSide.Lower => $"below {bound}",
            PredictedSide.Within when prediction.Around != 0 => $"{measure.Show(prediction.Around)} ±{bound}",
            PredictedSide.Within => $"within ±{bound}",
            _ => throw new UnreachableException(),
        };
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
