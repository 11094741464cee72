using System.Collections.Immutable;
using AiMe.Lab.Analysis.Diff;
using Spectre.Console;

namespace AiMe.Console.Output;

/// <summary>How an answer stands beside another: the words that it has alone are marked, in colour or, without, in brackets.</summary>
internal sealed class DiffText(bool colours)
{
    private static readonly Style Mine = new(Color.Red, decoration: Decoration.Bold);
    private static readonly Style Theirs = new(Color.Green, decoration: Decoration.Bold);

    /// <summary>How the marks look, in a sentence.</summary>
    public Markup Key(string first, string second) =>
        colours
            ? new Markup(
                $"[dim]Words that only one of them says:[/] [bold red]{Markup.Escape(first)}[/][dim],[/] [bold "
                    + $"green]{Markup.Escape(second)}[/][dim]; none is marked where hardly a word is the same.[/]"
            )
            : new Markup(
                Markup.Escape(
                    $"Words that only one of them says: [-{first}-], {{+{second}+}}; none is marked where hardly a word is the same."
                )
            );

    /// <summary>Both answers.</summary>
    public (Paragraph First, Paragraph Second) Of(string first, string second)
    {
        var words = WordDiff.Of(first, second);
        return (Side(words.First, Mine, "[-", "-]"), Side(words.Second, Theirs, "{+", "+}"));
    }

    private Paragraph Side(ImmutableArray<WordRun> runs, Style style, string open, string close)
    {
        var text = new Paragraph();
        for (var i = 0; i < runs.Length; i++)
        {
            var blank = i > 0 ? " " : "";
            if (!runs[i].IsOwn)
                text.Append(blank + runs[i].Text);
            else if (colours)
                text.Append(blank).Append(runs[i].Text, style);
            else
                text.Append($"{blank}{open}{runs[i].Text}{close}");
        }

        return runs.IsEmpty ? text.Append("(nothing)", new Style(decoration: Decoration.Dim)) : text;
    }
}
