using System.Collections.Immutable;

namespace AiMe.Web.Charts;

/// <summary>A linear scale from values to places in a chart.</summary>
/// <param name="Low">The value at <paramref name="From"/>.</param>
/// <param name="High">The value at <paramref name="To"/>; above <paramref name="Low"/>.</param>
/// <param name="From">Place of the low end, in units of the view box.</param>
/// <param name="To">Place of the high end; may be before <paramref name="From"/>.</param>
/// <param name="Ticks">Round values within the scale, in order.</param>
public sealed record ChartScale(double Low, double High, double From, double To, ImmutableArray<double> Ticks)
{
    private const double Slack = 1e-9;

    /// <summary>The place of a value; a value beyond the scale is placed at its end.</summary>
    public double At(double value) => From + (Math.Clamp(value, Low, High) - Low) / (High - Low) * (To - From);

    /// <summary>Whether a value is within the scale.</summary>
    public bool Shows(double value) => value >= Low - Slack * (High - Low) && value <= High + Slack * (High - Low);

    /// <summary>A scale that covers values and begins and ends at round ones.</summary>
    /// <param name="values">NaN and infinite values are left out; without any value the scale is 0 to 1.</param>
    /// <param name="ticks">About as many ticks, 2 or more.</param>
    /// <param name="least">No tick below this bound, unless a value is below it.</param>
    /// <param name="most">No tick above this bound, unless a value is above it.</param>
    public static ChartScale Round(
        IEnumerable<double> values,
        double from,
        double to,
        int ticks,
        double least = double.NegativeInfinity,
        double most = double.PositiveInfinity
    )
    {
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values.Where(double.IsFinite))
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        if (low > high)
            (low, high) = (0, 1);
        if (high - low <= Slack * Math.Max(1, Math.Abs(high)))
            (low, high) = low == 0 ? (0, 1) : (low - Math.Abs(low) / 10, high + Math.Abs(high) / 10);
        var step = StepOf((high - low) / ticks);
        var (first, last) = (Math.Floor(low / step + Slack), Math.Ceiling(high / step - Slack));
        if (first * step < least && low >= least)
            first = Math.Ceiling(least / step - Slack);
        if (last * step > most && high <= most)
            last = Math.Floor(most / step + Slack);
        ImmutableArray<double> at = [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => (first + i) * step)];
        return new ChartScale(Math.Min(at[0], low), Math.Max(at[^1], high), from, to, at);
    }

    /// <summary>A scale over whole numbers, such as generations.</summary>
    /// <param name="most">At most as many ticks.</param>
    public static ChartScale Whole(int low, int high, double from, double to, int most = 10)
    {
        // 1, 2, 5, 10, 20, 50 and so on
        var (step, next) = (1, 0);
        while ((high - low) / step >= most)
            step = next++ % 3 == 1 ? step / 2 * 5 : step * 2;
        return new ChartScale(
            low,
            Math.Max(high, low + 1),
            from,
            to,
            [.. Enumerable.Range(0, (high - low) / step + 1).Select(i => (double)(low + i * step))]
        );
    }

    // 1, 2 or 5 times a power of ten.
    private static double StepOf(double raw)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        return (raw / power) switch
        {
            <= 1 + Slack => power,
            <= 2 + Slack => 2 * power,
            <= 5 + Slack => 5 * power,
            _ => 10 * power,
        };
    }
}
