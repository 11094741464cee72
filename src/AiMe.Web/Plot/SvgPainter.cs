using System.Globalization;
using System.Xml.Linq;
using SkiaSharp;

namespace AiMe.Web.Plot;

/// <summary>Draws the SVG of the charts: groups, paths, rectangles and texts with presentation attributes, and nothing else.</summary>
/// <remarks>
/// Text is drawn as text, so that a PDF has the used glyphs of the font and can be searched. An element or transform that the
/// charts do not use is an error and is not skipped.
/// </remarks>
internal sealed class SvgPainter(SKCanvas canvas, PlotFonts fonts)
{
    /// <summary>Draws a document.</summary>
    /// <param name="root">Its svg element, with colours resolved.</param>
    public void Draw(XElement root) => Children(root, new DrawState().Within(root));

    /// <summary>Where a text begins, from its anchor.</summary>
    public static SKPoint Start(XElement element, DrawState state, SKFont font)
    {
        var width = font.MeasureText(element.Value);
        var shift = state.Anchor switch
        {
            "middle" => -width / 2,
            "end" => -width,
            _ => 0,
        };
        return new SKPoint((DrawState.Number(element, "x") ?? 0) + shift, DrawState.Number(element, "y") ?? 0);
    }

    /// <summary>The transform of an element: <c>translate(x y)</c> or <c>rotate(angle x y)</c>.</summary>
    public static SKMatrix Transform(string text)
    {
        var open = text.IndexOf('(', StringComparison.Ordinal);
        float[] numbers =
        [
            .. text[(open + 1)..^1]
                .Split([' ', ','], StringSplitOptions.RemoveEmptyEntries)
                .Select(n => float.Parse(n, CultureInfo.InvariantCulture)),
        ];
        return (text[..open], numbers) switch
        {
            ("translate", [var x, var y]) => SKMatrix.CreateTranslation(x, y),
            ("rotate", [var angle]) => SKMatrix.CreateRotationDegrees(angle),
            ("rotate", [var angle, var x, var y]) => SKMatrix.CreateRotationDegrees(angle, x, y),
            _ => throw new NotSupportedException($"The painter has no transform '{text}'."),
        };
    }

    private void Children(XElement parent, DrawState state)
    {
        foreach (var element in parent.Elements())
            Draw(element, state.Within(element));
    }

    private void Draw(XElement element, DrawState state)
    {
        canvas.Save();
        if (element.Attribute("transform") is { } transform)
            canvas.Concat(Transform(transform.Value));
        switch (element.Name.LocalName)
        {
            case "title" or "desc":
                break;
            case "g":
                Children(element, state);
                break;
            case "path":
                using (var path = SKPath.ParseSvgPathData(element.Attribute("d")?.Value ?? ""))
                    Paint(state, paint => canvas.DrawPath(path, paint));
                break;
            case "rect":
                var corner = new SKPoint(DrawState.Number(element, "x") ?? 0, DrawState.Number(element, "y") ?? 0);
                var size = new SKSize(DrawState.Number(element, "width") ?? 0, DrawState.Number(element, "height") ?? 0);
                Paint(state, paint => canvas.DrawRect(SKRect.Create(corner, size), paint));
                break;
            case "text":
                Write(element, state);
                break;
            default:
                throw new NotSupportedException($"The painter has no element '{element.Name.LocalName}'.");
        }

        canvas.Restore();
    }

    private void Write(XElement element, DrawState state)
    {
        using var font = fonts.Of(state.FontSize, state.IsBold);
        fonts.Check(element.Value, font);
        var at = Start(element, state, font);
        // A halo is drawn as an outline below its text: a stroked text would put a second, Type 3 font into a PDF.
        using (var halo = state.StrokePaint())
        using (var outline = halo is null ? null : font.GetTextPath(element.Value, at))
        {
            if (outline is not null)
                canvas.DrawPath(outline, halo);
        }

        using var fill = state.FillPaint();
        if (fill is not null)
            canvas.DrawText(element.Value, at.X, at.Y, SKTextAlign.Left, font, fill);
    }

    private static void Paint(DrawState state, Action<SKPaint> draw)
    {
        using var fill = state.FillPaint();
        using var stroke = state.StrokePaint();
        foreach (var paint in new[] { fill, stroke })
        {
            if (paint is not null)
                draw(paint);
        }
    }
}
