using System.Collections.Immutable;
using System.Diagnostics;
using System.Xml;
using System.Xml.Linq;
using SkiaSharp;

namespace AiMe.Web.Plot;

/// <summary>Writes figures as files for papers.</summary>
public static class PlotFile
{
    /// <summary>Writes a figure and returns the characters that its font lacks.</summary>
    /// <param name="title">Goes into the file, for screen readers and viewers.</param>
    /// <exception cref="PlotException">There is no font.</exception>
    public static async Task<IReadOnlyCollection<string>> WriteAsync(
        ImmutableArray<PlotPanel> panels,
        string title,
        PlotOptions options,
        Stream output
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(output);
        using var fonts = PlotFonts.Load(FontFiles.Find(options.FontFile, FontFiles.Folders));
        var figure = await PlotFigure.OfAsync(panels, title, options);
        switch (options.Form)
        {
            case PlotForm.Svg:
                OutlinedText.Apply(figure.Root, fonts);
                await using (var xml = XmlWriter.Create(output, new XmlWriterSettings { Async = true, CloseOutput = false }))
                    await new XDocument(figure.Root).SaveAsync(xml, CancellationToken.None);
                break;
            case PlotForm.Png:
                await output.WriteAsync(Png(figure, fonts, options));
                break;
            case PlotForm.Pdf:
                Pdf(figure, fonts, title, output);
                break;
            default:
                throw new UnreachableException();
        }

        return [.. fonts.Missing];
    }

    private static byte[] Png(PlotFigure figure, PlotFonts fonts, PlotOptions options)
    {
        var scale = (float)(options.Millimetres / 25.4 * PlotOptions.Dpi / figure.Width);
        var size = new SKImageInfo((int)Math.Round(figure.Width * scale), (int)Math.Round(figure.Height * scale));
        using var surface = SKSurface.Create(size)
            ?? throw new PlotException($"no picture of {size.Width} x {size.Height} dots can be made");
        surface.Canvas.Scale(scale);
        new SvgPainter(surface.Canvas, fonts).Draw(figure.Root);
        using var image = surface.Snapshot();
        using var data = image.Encode(SKEncodedImageFormat.Png, 100);
        return PngDensity.Of(data.ToArray(), PlotOptions.Dpi);
    }

    private static void Pdf(PlotFigure figure, PlotFonts fonts, string title, Stream output)
    {
        var scale = (float)PlotOptions.PointsPerUnit;
        using var stream = new SKManagedWStream(output, disposeManagedStream: false);
        using var document = SKDocument.CreatePdf(
            stream,
            new SKDocumentPdfMetadata
            {
                Title = title,
                Creator = "AiMe",
                Producer = "Skia",
            }
        );
        var canvas = document.BeginPage((float)figure.Width * scale, (float)figure.Height * scale);
        canvas.Scale(scale);
        new SvgPainter(canvas, fonts).Draw(figure.Root);
        document.EndPage();
        document.Close();
    }
}
