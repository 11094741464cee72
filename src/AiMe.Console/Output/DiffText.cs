using System.Collections.Immutable;
using AiMe.Lab.Analysis.Diff;
using AiMe.Lab.History;
using Spectre.Console;

namespace AiMe.Console.Output;

/// <summary>Marks the words that only one of two answers has, with colour or with brackets.</summary>
internal sealed class DiffText(bool colours)
{
    private static readonly Style Mine = new(Color.Red, decoration: Decoration.Bold);
    private static readonly Style Theirs = new(Color.Green, decoration: Decoration.Bold);

    /// <summary>With colour if the console shows it: a file or a pipe has no escape sequences, whatever its colours.</summary>
    public static DiffText For(IAnsiConsole console) =>
        new(console.Profile.Capabilities is { Ansi: true, ColorSystem: not ColorSystem.NoColors });

    /// <summary>Explains the marks in a sentence.</summary>
    public Markup Key(string first, string second) =>
        colours
            ? new Markup(
                $"[dim]Words in only one answer:[/] [bold red]{Markup.Escape(first)}[/][dim],[/] [bold "
                    + $"green]{Markup.Escape(second)}[/][dim]; no marks if the answers share almost no words.[/]"
            )
            : new Markup(
                Markup.Escape($"Words in only one answer: [-{first}-], {{+{second}+}}; no marks if the answers share almost no words.")
            );

    /// <summary>Both answers.</summary>
    public (Paragraph First, Paragraph Second) Of(string first, string second)
    {
        var words = WordDiff.Of(first, second);
        return (Side(words.First, Mine, "[-", "-]"), Side(words.Second, Theirs, "{+", "+}"));
    }

    /// <summary>The way from one text to another: words that go, and words that come.</summary>
    public Paragraph Of(ImmutableArray<WordEdit> edits)
    {
        var text = new Paragraph();
        for (var i = 0; i < edits.Length; i++)
        {
            var (kind, words, blank) = (edits[i].Kind, VisibleText.Of(edits[i].Text), i > 0 ? " " : "");
            text.Append(blank);
            if (kind == EditKind.Same)
                text.Append(words);
            else if (colours)
                text.Append(words, kind == EditKind.Removed ? Mine : Theirs);
            else
                text.Append(kind == EditKind.Removed ? $"[-{words}-]" : $"{{+{words}+}}");
        }

        return text;
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

        return runs.IsEmpty ? text.Append("(empty)", new Style(decoration: Decoration.Dim)) : text;
    }
}
