using System.Collections.Immutable;
using System.Globalization;
using System.Xml.Linq;
using AiMe.Lab.History;
using AiMe.Web.Charts;
using AiMe.Web.Theme;

namespace AiMe.Web.Plot;

/// <summary>A figure as one SVG: its panels below each other, or in two columns if it is wide enough, with letters.</summary>
/// <param name="Root">The svg element, with colours resolved and texts as texts.</param>
/// <param name="Width">Units.</param>
/// <param name="Height">Units.</param>
internal sealed record PlotFigure(XElement Root, double Width, double Height)
{
    private const double TwoColumns = 700;
    private const double Gap = 24;
    private const double Letter = 20;

    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    /// <summary>Draws the panels and puts them together.</summary>
    public static async Task<PlotFigure> OfAsync(ImmutableArray<PlotPanel> panels, string title, PlotOptions options)
    {
        var columns = panels.Length > 1 && options.Units >= TwoColumns ? 2 : 1;
        var width = (options.Units - Gap * (columns - 1)) / columns;
        List<XElement> groups = [];
        var (y, row) = (0.0, 0.0);
        foreach (var (i, panel) in panels.Index())
        {
            var chart = Resolved(XElement.Parse(await panel.SvgAsync(width)), options.IsDark);
            var top = y + (panels.Length > 1 ? Letter : 0);
            var x = i % columns * (width + Gap);
            if (panels.Length > 1)
                groups.Add(LetterOf(i, x, y));
            groups.Add(
                new XElement(
                    s_svg + "g",
                    new XAttribute("transform", $"translate({SvgText.N(x)} {SvgText.N(top)})"),
                    chart.Attributes().Where(a => a.Name.LocalName is "fill" or "font-size"),
                    chart.Elements()
                )
            );
            row = Math.Max(row, top + double.Parse(chart.Attribute("height")!.Value, CultureInfo.InvariantCulture));
            if (i % columns == columns - 1 || i == panels.Length - 1)
                y = row + (i == panels.Length - 1 ? 0 : Gap);
        }

        return new PlotFigure(Around(groups, title, y, options), options.Units, y);

        XElement LetterOf(int index, double x, double top) =>
            new(
                s_svg + "text",
                new XAttribute("x", SvgText.N(x)),
                new XAttribute("y", SvgText.N(top + 13)),
                new XAttribute("font-size", "15"),
                new XAttribute("font-weight", "700"),
                new XAttribute("fill", ThemeColours.Of("--ink", options.IsDark)),
                (char)('a' + index % 26)
            );
    }

    private static XElement Resolved(XElement drawing, bool isDark)
    {
        foreach (var attribute in drawing.DescendantsAndSelf().Attributes().Where(a => a.Value.Contains("var(", StringComparison.Ordinal)))
            attribute.Value = ThemeColours.Resolve(attribute.Value, isDark);
        return drawing;
    }

    private static XElement Around(List<XElement> groups, string title, double height, PlotOptions options) =>
        new(
            s_svg + "svg",
            new XAttribute("viewBox", $"0 0 {SvgText.N(options.Units)} {SvgText.N(height)}"),
            new XAttribute("width", $"{options.Millimetres.ToString("0.##", CultureInfo.InvariantCulture)}mm"),
            new XAttribute("height", $"{(height / options.Units * options.Millimetres).ToString("0.##", CultureInfo.InvariantCulture)}mm"),
            new XAttribute("role", "img"),
            new XElement(s_svg + "title", VisibleText.Of(title)),
            new XElement(
                s_svg + "rect",
                new XAttribute("width", SvgText.N(options.Units)),
                new XAttribute("height", SvgText.N(height)),
                new XAttribute("fill", ThemeColours.Of("--paper", options.IsDark))
            ),
            groups
        );
}
