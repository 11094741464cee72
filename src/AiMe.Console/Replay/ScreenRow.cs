using System.Collections.Immutable;
using AiMe.Console.Repl.Line;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AiMe.Console.Replay;

/// <summary>One row of styled pieces, cut or padded to the width. Spectre would wrap a paragraph.</summary>
internal sealed class ScreenRow(params ImmutableArray<(string Text, Style Style)> pieces) : Renderable
{
    /// <inheritdoc />
    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        var left = maxWidth;
        foreach (var (text, style) in pieces)
        {
            if (left == 0)
                break;
            var fit = Segment.SplitOverflow(new Segment(OneLine(text), style), Overflow.Ellipsis, left)[0];
            left -= fit.CellCount();
            yield return fit;
        }

        yield return new Segment(new string(' ', left), pieces[^1].Style);
        yield return Segment.LineBreak;
    }

    /// <summary>Wraps a text at words and line feeds; breaks a word that is longer than a row.</summary>
    public static IEnumerable<string> Wrap(string text, int width) =>
        text.ReplaceLineEndings("\n")
            .Split('\n')
            .SelectMany(line => LineLayout.Of(OneLine(line), 0, width).Rows)
            .Select(row => row.TrimEnd());

    // Control characters become spaces: a text must not command the terminal.
    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
