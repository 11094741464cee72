using System.Globalization;

namespace AiMe.Web.Plot;

/// <summary>Forms of a figure file.</summary>
public enum PlotForm
{
    /// <summary>Scalable, with text as outlines.</summary>
    Svg,

    /// <summary>300 dots an inch.</summary>
    Png,

    /// <summary>One page of the figure's size, with the used glyphs of the font embedded.</summary>
    Pdf,
}

/// <summary>How a figure is drawn.</summary>
/// <param name="Millimetres">Width.</param>
/// <param name="FontFile">A font file; null for one that is found on the machine.</param>
public sealed record PlotOptions(PlotForm Form, double Millimetres, bool IsDark, string? FontFile)
{
    /// <summary>Width of a column of a paper, millimetres.</summary>
    public const double Single = 85;

    /// <summary>Width of two columns, millimetres.</summary>
    public const double Double = 180;

    /// <summary>The least width, millimetres.</summary>
    public const double Least = 50;

    /// <summary>The greatest width, millimetres.</summary>
    public const double Most = 500;

    /// <summary>Dots an inch of a picture.</summary>
    public const double Dpi = 300;

    // Text of 13 units is 7 points high: a seventh of an inch less a hair.
    private const double UnitsPerMillimetre = 13 / (7 / 72.0 * 25.4);

    /// <summary>Width in units of the charts.</summary>
    public double Units => Millimetres * UnitsPerMillimetre;

    /// <summary>Points a unit.</summary>
    public static double PointsPerUnit => 72 / 25.4 / UnitsPerMillimetre;

    /// <summary>Reads a width: <c>single</c>, <c>double</c>, or millimetres such as <c>85mm</c>; null if it is none.</summary>
    public static double? WidthOf(string text) =>
        text switch
        {
            "single" => Single,
            "double" => Double,
            _ when double.TryParse(
                    text.EndsWith("mm", StringComparison.Ordinal) ? text.AsSpan(0, text.Length - 2) : text,
                    NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture,
                    out var width
                ) && width is >= Least and <= Most => width,
            _ => null,
        };
}
