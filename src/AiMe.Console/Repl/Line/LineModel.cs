using System.Globalization;

namespace AiMe.Console.Repl.Line;

/// <summary>A line that is being written: pure, so that every key can be tested without a terminal.</summary>
/// <param name="Text">May hold line feeds, where several lines were pasted.</param>
/// <param name="Cursor">Index into <paramref name="Text"/>, never within what a reader takes for one character.</param>
/// <param name="Killed">What was cut last, for <see cref="Yank"/>.</param>
internal sealed record LineModel(string Text, int Cursor, string Killed = "")
{
    /// <summary>Nothing yet.</summary>
    public static LineModel Empty { get; } = new("", 0);

    /// <summary>Writes at the cursor.</summary>
    public LineModel Insert(string text) => this with { Text = Text.Insert(Cursor, text), Cursor = Cursor + text.Length };

    /// <summary>Another text, with the cursor behind it.</summary>
    public LineModel Replace(string text) => this with { Text = text, Cursor = text.Length };

    /// <summary>One character back.</summary>
    public LineModel Left() => this with { Cursor = Before(Cursor) };

    /// <summary>One character on.</summary>
    public LineModel Right() => this with { Cursor = After(Cursor) };

    /// <summary>To the beginning of the word.</summary>
    public LineModel WordLeft() => this with { Cursor = WordStart() };

    /// <summary>Behind the end of the word.</summary>
    public LineModel WordRight()
    {
        var at = Cursor;
        while (at < Text.Length && char.IsWhiteSpace(Text[at]))
            at = After(at);
        while (at < Text.Length && !char.IsWhiteSpace(Text[at]))
            at = After(at);
        return this with { Cursor = at };
    }

    /// <summary>To the beginning.</summary>
    public LineModel Home() => this with { Cursor = 0 };

    /// <summary>To the end.</summary>
    public LineModel End() => this with { Cursor = Text.Length };

    /// <summary>Deletes the character before the cursor.</summary>
    public LineModel Backspace() => Cut(Before(Cursor), Cursor);

    /// <summary>Deletes the character at the cursor.</summary>
    public LineModel Delete() => Cut(Cursor, After(Cursor));

    /// <summary>Cuts what stands before the cursor.</summary>
    public LineModel KillToStart() => Kill(0, Cursor);

    /// <summary>Cuts what stands from the cursor on.</summary>
    public LineModel KillToEnd() => Kill(Cursor, Text.Length);

    /// <summary>Cuts the word before the cursor.</summary>
    public LineModel KillWord() => Kill(WordStart(), Cursor);

    /// <summary>Writes what was cut last.</summary>
    public LineModel Yank() => Insert(Killed);

    private LineModel Kill(int from, int to) => to > from ? Cut(from, to) with { Killed = Text[from..to] } : this;

    private LineModel Cut(int from, int to) => this with { Text = Text.Remove(from, to - from), Cursor = from };

    private int WordStart()
    {
        var at = Cursor;
        while (at > 0 && char.IsWhiteSpace(Text[at - 1]))
            at = Before(at);
        while (at > 0 && !char.IsWhiteSpace(Text[at - 1]))
            at = Before(at);
        return at;
    }

    // A letter with its accents, a pair of surrogates, an emoji of several code points: one step.
    private int Before(int at)
    {
        var last = 0;
        foreach (var start in StringInfo.ParseCombiningCharacters(Text))
        {
            if (start >= at)
                break;
            last = start;
        }

        return last;
    }

    private int After(int at) => at >= Text.Length ? Text.Length : at + StringInfo.GetNextTextElementLength(Text, at);
}
