using System.Globalization;

namespace AiMe.Console.Repl.Line;

/// <summary>An edited line, independent of the terminal, so that every key can be tested.</summary>
/// <param name="Text">May contain line feeds from pasted text.</param>
/// <param name="Cursor">Index into <paramref name="Text"/>, at the start of a grapheme cluster.</param>
/// <param name="Killed">The last cut text, for <see cref="Yank"/>.</param>
internal sealed record LineModel(string Text, int Cursor, string Killed = "")
{
    /// <summary>The empty line.</summary>
    public static LineModel Empty { get; } = new("", 0);

    /// <summary>Inserts text at the cursor.</summary>
    public LineModel Insert(string text) => this with { Text = Text.Insert(Cursor, text), Cursor = Cursor + text.Length };

    /// <summary>Replaces the text and moves the cursor to its end.</summary>
    public LineModel Replace(string text) => this with { Text = text, Cursor = text.Length };

    /// <summary>Moves one character left.</summary>
    public LineModel Left() => this with { Cursor = Before(Cursor) };

    /// <summary>Moves one character right.</summary>
    public LineModel Right() => this with { Cursor = After(Cursor) };

    /// <summary>Moves to the start of the word.</summary>
    public LineModel WordLeft() => this with { Cursor = WordStart() };

    /// <summary>Moves after the end of the word.</summary>
    public LineModel WordRight()
    {
        var at = Cursor;
        while (at < Text.Length && char.IsWhiteSpace(Text[at]))
            at = After(at);
        while (at < Text.Length && !char.IsWhiteSpace(Text[at]))
            at = After(at);
        return this with { Cursor = at };
    }

    /// <summary>Moves to the start.</summary>
    public LineModel Home() => this with { Cursor = 0 };

    /// <summary>Moves to the end.</summary>
    public LineModel End() => this with { Cursor = Text.Length };

    /// <summary>Deletes the character before the cursor.</summary>
    public LineModel Backspace() => Cut(Before(Cursor), Cursor);

    /// <summary>Deletes the character at the cursor.</summary>
    public LineModel Delete() => Cut(Cursor, After(Cursor));

    /// <summary>Cuts the text before the cursor.</summary>
    public LineModel KillToStart() => Kill(0, Cursor);

    /// <summary>Cuts the text after the cursor.</summary>
    public LineModel KillToEnd() => Kill(Cursor, Text.Length);

    /// <summary>Cuts the word before the cursor.</summary>
    public LineModel KillWord() => Kill(WordStart(), Cursor);

    /// <summary>Inserts the last cut text.</summary>
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

    // Moves by grapheme clusters: a letter with accents, a surrogate pair, an emoji of several code points.
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
