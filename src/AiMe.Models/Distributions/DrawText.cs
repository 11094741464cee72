using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace AiMe.Models.Distributions;

/// <summary>
/// The text of a draw: a line of numbers, one a dimension, with a space between two. It is what is journalled and trained on, and it
/// parses back exactly.
/// </summary>
public static class DrawText
{
    /// <summary>Distance of two values that a text can hold: values have at most three decimals.</summary>
    /// <remarks>Rounding to it adds a twelfth of its square, 8e-8, to a variance.</remarks>
    public const double Step = 0.001;

    private const int UnitsOfOne = 1000;
    private const int Decimals = 3;
    private const double Greatest = 1e6 * UnitsOfOne;

    /// <summary>A value in steps, rounded to the nearest, half to even; at most a million either way.</summary>
    public static int Units(double value) => (int)Math.Clamp(Math.Round(value * UnitsOfOne, MidpointRounding.ToEven), -Greatest, Greatest);

    /// <summary>The text of a draw: <c>0.31 -1.204 2</c>, or of categories <c>3 0 9</c>.</summary>
    public static string Write(DistributionShape shape, ReadOnlySpan<int> draw)
    {
        StringBuilder text = new(draw.Length * 6);
        foreach (var number in draw)
        {
            if (text.Length > 0)
                text.Append(' ');
            if (shape.Categories is null)
                Append(text, number);
            else
                text.Append(CultureInfo.InvariantCulture, $"{number}");
        }

        return text.ToString();
    }

    /// <summary>Reads a text.</summary>
    /// <param name="draw">Shape (dimensions), if it is a draw.</param>
    /// <returns>Whether it is a draw of this shape.</returns>
    public static bool TryRead(DistributionShape shape, ReadOnlySpan<char> text, [NotNullWhen(true)] out int[]? draw)
    {
        draw = null;
        var read = new int[shape.Dimensions];
        var count = 0;
        foreach (var range in text.Split(' '))
        {
            if (count == read.Length || !TryNumber(text[range], shape.Categories, out read[count]))
                return false;
            count++;
        }

        draw = count == read.Length ? read : null;
        return draw is not null;
    }

    private static bool TryNumber(ReadOnlySpan<char> word, int? categories, out int number)
    {
        number = 0;
        if (categories is { } k)
            return int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number < k;
        var (negative, whole, decimals, digits) = (word is ['-', ..], 0L, -1, 0);
        foreach (var c in negative ? word[1..] : word)
        {
            if (c == '.' && decimals < 0 && digits > 0)
                decimals = 0;
            else if (char.IsAsciiDigit(c) && decimals < Decimals && digits < 10)
                (whole, decimals, digits) = (10 * whole + (c - '0'), decimals < 0 ? -1 : decimals + 1, digits + 1);
            else
                return false;
        }

        for (var i = Math.Max(0, decimals); i < Decimals; i++)
            whole *= 10;
        number = (int)Math.Min(whole, int.MaxValue) * (negative ? -1 : 1);
        return digits > 0 && decimals != 0 && whole <= Greatest;
    }

    private static void Append(StringBuilder text, int units)
    {
        if (units < 0)
            text.Append('-');
        var (whole, part) = Math.DivRem(Math.Abs(units), UnitsOfOne);
        text.Append(CultureInfo.InvariantCulture, $"{whole}");
        if (part == 0)
            return;
        text.Append('.');
        for (var unit = UnitsOfOne / 10; part > 0; unit /= 10)
        {
            text.Append((char)('0' + part / unit));
            part %= unit;
        }
    }
}
