using System.Diagnostics;
using System.Globalization;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Comparison.Declared;
using AiMe.Metrics.Statistics;

namespace AiMe.Lab.Analysis.Power;

/// <summary>A forecast in words, and its figures as text.</summary>
public static class PowerWords
{
    /// <summary>What stands for more replicates than are forecast.</summary>
    private static readonly string s_most = $"more than {Sentence.Number(PairedPower.MostReplicates)}";

    /// <summary>One sentence: what the first number of replicates finds, and how many the difference needs.</summary>
    public static string Of(TestForecast forecast)
    {
        ArgumentNullException.ThrowIfNull(forecast);
        if (forecast.Status != ForecastStatus.Forecast)
            return $"The power for {Between(forecast)} is not forecast: {WhyNot(forecast)}.";
        var at = forecast.Detectable[0];
        var measure = forecast.Test.Measure;
        var replicates = UnitWords.Count(at.Replicates, forecast.Test.IsOverCharters);
        if (at.CannotReach)
        {
            var least = forecast.Fewest is { } fewest ? $": at least {fewest} are needed" : "";
            return $"With {replicates}, no difference in {Between(forecast)} is found, whatever its size{least}"
                + $"{Needs(forecast, isNamed: true)}.";
        }

        var (mean, low, high) = Texts(measure, at.Difference);
        var predicted = forecast.Test.Direction == EffectDirection.Either ? "" : ", in the predicted direction,";
        return $"With {replicates}, a difference of {mean}{Sentence.Unit(measure)} ({low} to {high}, by the pilot's uncertainty) in "
            + $"{Between(forecast)}{predicted} is found with {Percent(forecast.Power)} probability"
            + $"{Alone(forecast)}{Needs(forecast, isNamed: false)}.";
    }

    /// <summary>The tests that are not forecast, with the reason, after a space; empty if all are.</summary>
    public static string Without(IEnumerable<TestForecast> forecasts)
    {
        var reasons = forecasts
            .Where(f => f.Status != ForecastStatus.Forecast)
            .GroupBy(WhyNot, StringComparer.Ordinal)
            .Select(g => $" Not forecast: {Sentence.List(g.Select(Between))} ({g.Key}).");
        return string.Concat(reasons);
    }

    /// <summary>A figure of the pilot in the unit of the measure with its bounds; "-" if undefined.</summary>
    public static (string Estimate, string Low, string High) Texts(Measure measure, PilotEstimate<double> figure)
    {
        ArgumentNullException.ThrowIfNull(measure);
        return measure.Texts(new Estimate(figure.Estimate, figure.Low, figure.High, 0), difference: true);
    }

    /// <summary>A number of needed replicates.</summary>
    public static string Count(int? replicates) => replicates is { } n ? Sentence.Number(n) : s_most;

    /// <summary>A given difference, as short as it can be written: <c>0.02 bits</c>, <c>5 pp</c>.</summary>
    public static string Given(Measure measure, double difference)
    {
        ArgumentNullException.ThrowIfNull(measure);
        return measure.Percent
            ? $"{(100 * difference).ToString("0.####", CultureInfo.InvariantCulture)} pp"
            : $"{difference.ToString("0.######", CultureInfo.InvariantCulture)}{Sentence.Unit(measure)}";
    }

    /// <summary>A fraction as per cent with the digits that it has.</summary>
    public static string Percent(double fraction) => $"{(100 * fraction).ToString("0.####", CultureInfo.InvariantCulture)}%";

    /// <summary>Why there is no forecast.</summary>
    public static string WhyNot(TestForecast forecast)
    {
        ArgumentNullException.ThrowIfNull(forecast);
        return forecast.Status switch
        {
            ForecastStatus.Equivalence => "it is an equivalence test",
            ForecastStatus.Survival => "it is a test of survival",
            ForecastStatus.VariantMissing => "the pilot lacks a variant of it",
            ForecastStatus.Fixed => $"in the pilot {Sentence.List(forecast.Test.Still)} "
                + $"{(forecast.Test.Still.Length == 1 ? "has" : "have")} the base model, of which "
                + $"{Sentence.Subject(forecast.Test.Measure)} cannot change",
            ForecastStatus.TooFewPairs => $"{UnitWords.Count(forecast.Pilot.Replicates, forecast.Test.IsOverCharters)} of the pilot "
                + $"{(forecast.Pilot.Replicates == 1 ? "has" : "have")} the outcome in both variants, and the scatter needs 2",
            ForecastStatus.NoScatter => "all differences of the pilot are equal, so it does not show how far they scatter",
            ForecastStatus.PowerBelowAlpha => "the level of significance is not below the wanted power",
            ForecastStatus.Forecast => "",
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>Such as <c>bare drift between a and b</c>.</summary>
    public static string Between(TestForecast forecast)
    {
        ArgumentNullException.ThrowIfNull(forecast);
        var (first, second) = forecast.Pair;
        return $"{Sentence.Subject(forecast.Test.Measure)} between {first} and {second}";
    }

    private static string Alone(TestForecast forecast) => forecast.Test.Method == TestMethod.Page ? " by a test of these two alone" : "";

    private static string Needs(TestForecast forecast, bool isNamed)
    {
        if (forecast.Difference is not { } difference)
            return "";
        var (low, needed, high) = forecast.Needed;
        var count = low == high ? Count(needed) : $"{Count(needed)} ({Count(low)} to {Count(high)})";
        return $"; for {Given(forecast.Test.Measure, difference)}, {count}{(isNamed ? "" : " are needed")}";
    }
}
