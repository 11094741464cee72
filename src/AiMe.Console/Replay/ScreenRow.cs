using System.Collections.Immutable;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AiMe.Console.Replay;

/// <summary>One row of styled pieces, cut or padded to the width. Spectre would wrap a paragraph.</summary>
internal sealed class ScreenRow(params ImmutableArray<(string Text, Style Style)> pieces) : Renderable
{
    private static readonly RenderOptions s_plain = new(new Capabilities(), default);

    /// <summary>Wraps a text at words and line feeds; breaks a word that is longer than a row.</summary>
    public static IEnumerable<string> Wrap(string text, int width) =>
        Segment
            .SplitLines(((IRenderable)new Text(Clean(text))).Render(s_plain, width))
            .Select(line => string.Concat(line.Select(s => s.Text)).TrimEnd());

    /// <inheritdoc />
    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        var left = maxWidth;
        foreach (var (text, style) in pieces)
        {
            if (left == 0)
                break;
            var fit = Segment.SplitOverflow(new Segment(Clean(text).Replace('\n', ' '), style), Overflow.Ellipsis, left)[0];
            left -= fit.CellCount();
            yield return fit;
        }

        yield return new Segment(new string(' ', left), pieces[^1].Style);
        yield return Segment.LineBreak;
    }

    // Control characters but line feeds become spaces: a text must not command the terminal.
    private static string Clean(string text) =>
        string.Concat(text.ReplaceLineEndings("\n").Select(c => char.IsControl(c) && c != '\n' ? ' ' : c));
}
