using System.Collections.Immutable;

namespace AiMe.Console.Output;

/// <summary>A chart of one line, from 0 to a common maximum.</summary>
internal static class Sparkline
{
    private const string Blocks = "▁▂▃▄▅▆▇█";
    private const string Digits = "0123456789";

    /// <summary>Draws one character per value; a space for an undefined value.</summary>
    /// <param name="values">0 or more, or NaN.</param>
    /// <param name="greatest">Value of the highest character; 0 draws everything at the lowest.</param>
    /// <param name="most">
    /// Maximum number of characters, at least 2; longer series are thinned evenly, keeping both ends.
    /// </param>
    /// <param name="unicode">Whether to draw blocks instead of the digits 0 to 9.</param>
    public static string Of(ImmutableArray<double> values, double greatest, int most, bool unicode)
    {
        var scale = unicode ? Blocks : Digits;
        var count = Math.Min(values.Length, most);
        return string.Concat(
            Enumerable.Range(0, count).Select(i => At(values[count == 1 ? 0 : (int)((long)i * (values.Length - 1) / (count - 1))]))
        );

        char At(double value) =>
            double.IsNaN(value) ? ' '
            : greatest <= 0 ? scale[0]
            : scale[(int)Math.Round(Math.Clamp(value / greatest, 0, 1) * (scale.Length - 1))];
    }
}
