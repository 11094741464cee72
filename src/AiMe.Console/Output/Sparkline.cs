using System.Collections.Immutable;

namespace AiMe.Console.Output;

/// <summary>A small chart of one line, from 0 to a common greatest value.</summary>
internal static class Sparkline
{
    private const string Blocks = "▁▂▃▄▅▆▇█";
    private const string Digits = "0123456789";

    /// <summary>One character a value; a value that is undefined is a space.</summary>
    /// <param name="values">0 or more, or NaN.</param>
    /// <param name="greatest">What the highest character stands for; 0 draws everything at the lowest.</param>
    /// <param name="most">Characters at most; longer series are thinned out evenly, both ends kept. At least 2.</param>
    /// <param name="unicode">Blocks; without, the digits 0 to 9.</param>
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
