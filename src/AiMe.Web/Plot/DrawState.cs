using System.Globalization;
using System.Xml.Linq;
using SkiaSharp;

namespace AiMe.Web.Plot;

/// <summary>What an element of a drawing inherits from those around it.</summary>
internal sealed record DrawState
{
    public string Fill { get; init; } = "#000000";
    public string Stroke { get; init; } = "none";
    public float FillOpacity { get; init; } = 1;
    public float StrokeOpacity { get; init; } = 1;
    public float StrokeWidth { get; init; } = 1;
    public string Dash { get; init; } = "";
    public string Join { get; init; } = "miter";
    public float FontSize { get; init; } = 13;
    public bool IsBold { get; init; }
    public string Anchor { get; init; } = "start";

    /// <summary>The state within an element.</summary>
    public DrawState Within(XElement element) =>
        this with
        {
            Fill = Text(element, "fill") ?? Fill,
            Stroke = Text(element, "stroke") ?? Stroke,
            FillOpacity = Number(element, "fill-opacity") ?? FillOpacity,
            StrokeOpacity = Number(element, "stroke-opacity") ?? StrokeOpacity,
            StrokeWidth = Number(element, "stroke-width") ?? StrokeWidth,
            Dash = Text(element, "stroke-dasharray") ?? Dash,
            Join = Text(element, "stroke-linejoin") ?? Join,
            FontSize = Number(element, "font-size") ?? FontSize,
            IsBold = Text(element, "font-weight") is { } weight ? weight is "600" or "700" or "bold" : IsBold,
            Anchor = Text(element, "text-anchor") ?? Anchor,
        };

    /// <summary>Paint for the inside; null if there is none.</summary>
    public SKPaint? FillPaint() =>
        Fill == "none"
            ? null
            : new SKPaint
            {
                IsAntialias = true,
                Style = SKPaintStyle.Fill,
                Color = Colour(Fill, FillOpacity),
            };

    /// <summary>Paint for the outline; null if there is none.</summary>
    public SKPaint? StrokePaint() =>
        Stroke == "none"
            ? null
            : new SKPaint
            {
                IsAntialias = true,
                Style = SKPaintStyle.Stroke,
                StrokeWidth = StrokeWidth,
                StrokeJoin = Join == "round" ? SKStrokeJoin.Round : SKStrokeJoin.Miter,
                Color = Colour(Stroke, StrokeOpacity),
                PathEffect = Dash.Length == 0 ? null : SKPathEffect.CreateDash(Dashes(Dash), 0),
            };

    /// <summary>The number in an attribute; null if it is not there.</summary>
    public static float? Number(XElement element, string name) =>
        Text(element, name) is { } text ? float.Parse(text, CultureInfo.InvariantCulture) : null;

    private static string? Text(XElement element, string name) => element.Attribute(name)?.Value;

    private static SKColor Colour(string text, float opacity) => SKColor.Parse(text).WithAlpha((byte)Math.Round(255 * opacity));

    private static float[] Dashes(string text) => [.. text.Split(' ').Select(d => float.Parse(d, CultureInfo.InvariantCulture))];
}
