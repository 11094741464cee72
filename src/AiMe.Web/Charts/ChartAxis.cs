using System.Globalization;

namespace AiMe.Web.Charts;

/// <summary>An axis: its scale, its name and how its numbers are written.</summary>
public sealed record ChartAxis(ChartScale Scale, string Title, Func<double, string> Format)
{
    /// <summary>Writes a tick with as many decimals as the distance of the ticks needs.</summary>
    /// <param name="percent">Whether the values are shares.</param>
    /// <param name="unit">What is written after a share.</param>
    public static Func<double, string> Decimals(ChartScale scale, bool percent = false, string unit = "%")
    {
        var factor = percent ? 100 : 1;
        var step = scale.Ticks.Length > 1 ? (scale.Ticks[1] - scale.Ticks[0]) * factor : 1;
        var decimals = Math.Clamp((int)Math.Ceiling(-Math.Log10(step) - 1e-9), 0, 6);
        return value =>
            (Math.Round(value * factor, decimals) + 0.0).ToString($"N{decimals}", CultureInfo.InvariantCulture) + (percent ? unit : "");
    }

    /// <summary>Writes whole numbers.</summary>
    public static string Whole(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
