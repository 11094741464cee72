using System.Globalization;
using System.Xml.Linq;

namespace AiMe.Web.Plot;

/// <summary>Replaces the texts of an SVG by their outlines, so that it looks the same on a machine without the font.</summary>
internal static class OutlinedText
{
    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    /// <summary>Changes every text below an element; its words stay as a label for screen readers.</summary>
    public static void Apply(XElement root, PlotFonts fonts) => Apply(root, new DrawState(), fonts);

    private static void Apply(XElement element, DrawState around, PlotFonts fonts)
    {
        var state = around.Within(element);
        foreach (var child in element.Elements().ToArray())
            Apply(child, state, fonts);
        if (element.Name.LocalName == "text")
            element.ReplaceWith(Outline(element, state, fonts));
    }

    private static XElement Outline(XElement text, DrawState state, PlotFonts fonts)
    {
        using var font = fonts.Of(state.FontSize, state.IsBold);
        fonts.Check(text.Value, font);
        using var path = font.GetTextPath(text.Value, SvgPainter.Start(text, state, font));
        string[] placing = ["x", "y", "text-anchor", "font-size", "font-weight", "font-family"];
        return new XElement(
            s_svg + "path",
            text.Attributes().Where(a => !placing.Contains(a.Name.LocalName, StringComparer.Ordinal)),
            new XAttribute("aria-label", text.Value),
            new XAttribute("d", Rounded(path.ToSvgPathData()))
        );
    }

    // Two decimals are a five-hundredth of a millimetre.
    private static string Rounded(string data)
    {
        var rounded = new System.Text.StringBuilder(data.Length);
        for (var i = 0; i < data.Length; )
        {
            if (!char.IsAsciiDigit(data[i]) && data[i] is not ('-' or '.'))
            {
                rounded.Append(data[i++]);
                continue;
            }

            var end = i + 1;
            while (
                end < data.Length
                && (char.IsAsciiDigit(data[end]) || data[end] is '.' or 'e' || (data[end] is '-' or '+' && data[end - 1] == 'e'))
            )
                end++;
            var number = double.Parse(data.AsSpan(i, end - i), CultureInfo.InvariantCulture);
            rounded.Append((Math.Round(number, 2) + 0.0).ToString("0.##", CultureInfo.InvariantCulture));
            i = end;
        }

        return rounded.ToString();
    }
}
