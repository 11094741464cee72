using SkiaSharp;

namespace AiMe.Web.Plot;

/// <summary>The font of a figure, in two weights.</summary>
internal sealed class PlotFonts : IDisposable
{
    private readonly SKTypeface _regular;
    private readonly SKTypeface _bold;
    private readonly SortedSet<string> _missing = new(StringComparer.Ordinal);

    private PlotFonts(SKTypeface regular, SKTypeface bold)
    {
        _regular = regular;
        _bold = bold;
    }

    /// <summary>Characters that were drawn and are not in the font.</summary>
    public IReadOnlyCollection<string> Missing => _missing;

    /// <summary>Loads a font.</summary>
    /// <exception cref="PlotException">A file is no font.</exception>
    public static PlotFonts Load((string Regular, string Bold) files) => new(Load(files.Regular), Load(files.Bold));

    /// <summary>A font of a size, in units.</summary>
    public SKFont Of(float size, bool isBold) =>
        new(isBold ? _bold : _regular, size)
        {
            Subpixel = true,
            Edging = SKFontEdging.Antialias,
            Hinting = SKFontHinting.None,
        };

    /// <summary>Notes characters that a font lacks.</summary>
    public void Check(string text, SKFont font)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (!font.ContainsGlyph(rune.Value))
                _missing.Add(rune.ToString());
        }
    }

    public void Dispose()
    {
        _regular.Dispose();
        _bold.Dispose();
    }

    private static SKTypeface Load(string file) =>
        SKTypeface.FromFile(file) ?? throw new PlotException($"the file {file} is no font, expected a font file (.ttf, .otf or .ttc)");
}
