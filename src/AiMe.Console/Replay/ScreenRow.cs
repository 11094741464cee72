using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AiMe.Console.Repl.Line;

namespace AiMe.Console.Replay;

/// <summary>Style of a piece of a row.</summary>
internal enum Shade
{
    /// <summary>Normal text.</summary>
    Plain,

    /// <summary>Secondary text.</summary>
    Dim,

    /// <summary>A label.</summary>
    Label,

    /// <summary>A heading.</summary>
    Bold,

    /// <summary>The row at the cursor.</summary>
    Cursor,
}

/// <summary>One row of a screen, in pieces.</summary>
internal sealed record ScreenRow(ImmutableArray<(string Text, Shade Shade)> Pieces)
{
    /// <summary>A row of one piece.</summary>
    public static ScreenRow Of(string text, Shade shade = Shade.Plain) => new([(text, shade)]);

    /// <summary>The row without styles.</summary>
    public string Text => string.Concat(Pieces.Select(p => p.Text));

    /// <summary>Cuts or pads the row to a width. Control characters become spaces.</summary>
    public ScreenRow At(int width, bool unicode)
    {
        var (pieces, left) = (ImmutableArray.CreateBuilder<(string, Shade)>(), width);
        foreach (var (text, shade) in Pieces)
        {
            var fit = TextFit.Cut(text, left, unicode);
            left -= Cells.Of(fit);
            if (fit.Length > 0)
                pieces.Add((fit, shade));
        }

        if (left > 0)
            pieces.Add((new string(' ', left), pieces is [.., (_, Shade.Cursor)] ? Shade.Cursor : Shade.Plain));
        return new(pieces.ToImmutable());
    }
}

/// <summary>Fits texts into columns.</summary>
internal static class TextFit
{
    /// <summary>A text on one line of a maximum width; dots mark a cut.</summary>
    public static string Cut(string text, int width, bool unicode)
    {
        var line = OneLine(text);
        if (Cells.Of(line) <= width)
            return line;
        var dots = unicode ? "…" : "..";
        return width <= dots.Length ? new string('.', Math.Max(0, width)) : Beginning(line, width - dots.Length).TrimEnd() + dots;
    }

    /// <summary>A text cut or padded to a width.</summary>
    public static string Column(string text, int width, bool unicode)
    {
        var cut = Cut(text, width, unicode);
        return cut + new string(' ', Math.Max(0, width - Cells.Of(cut)));
    }

    /// <summary>Wraps a text at words and line feeds; breaks a word that is longer than a row.</summary>
    public static IEnumerable<string> Wrap(string text, int width) =>
        LineLayout
            .Of(string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(OneLine)), 0, width)
            .Rows.Select(row => row.TrimEnd());

    private static string Beginning(string line, int width)
    {
        var (end, all) = (0, StringInfo.GetTextElementEnumerator(line));
        while (all.MoveNext())
        {
            width -= Cells.OfCluster(all.GetTextElement());
            if (width < 0)
                break;
            end = all.ElementIndex + all.GetTextElement().Length;
        }

        return line[..end];
    }

    private static string OneLine(string text)
    {
        if (!text.Any(char.IsControl))
            return text;
        var line = new StringBuilder(text);
        for (var i = 0; i < line.Length; i++)
            line[i] = char.IsControl(line[i]) ? ' ' : line[i];
        return line.ToString();
    }
}
