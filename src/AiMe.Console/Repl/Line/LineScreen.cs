using System.Text;

namespace AiMe.Console.Repl.Line;

/// <summary>Draws the edited line, over as many rows as needed, with ANSI sequences.</summary>
/// <param name="width">Current number of columns.</param>
/// <param name="height">Current number of rows.</param>
internal sealed class LineScreen(TextWriter output, string prompt, Func<int> width, Func<int> height)
{
    private const string Escape = "\u001b[";

    private int _row; // of the cursor, below the first row drawn
    private int _width;

    /// <summary>Whether the width of the terminal has changed since the line was drawn.</summary>
    public bool WasResized => width() != _width;

    /// <summary>Begins a line at the cursor.</summary>
    public void Begin()
    {
        if (_row > 0)
            output.Write("\r\n");
        _row = 0;
    }

    /// <summary>Draws the line.</summary>
    /// <param name="instead">Replaces the prompt, or null.</param>
    public void Draw(LineModel line, string? instead)
    {
        var before = _width;
        _width = width();
        var head = instead ?? prompt;
        var margin = Cells.Of(head);
        var layout = LineLayout.Of(line.Text, line.Cursor, Math.Max(1, _width - margin - 1));
        // If the line does not fit on the screen, draw the part around the cursor.
        var first = Math.Max(0, layout.CursorRow - Math.Max(1, height() - 1) + 1);
        var last = Math.Min(layout.Rows.Length, first + Math.Max(1, height() - 1));

        var text = new StringBuilder();
        if (_row > 0)
            text.Append(Escape).Append(before > 0 && _width < before ? Math.Min(_row * 2, height() - 1) : _row).Append('A');
        text.Append('\r').Append(Escape).Append('J');
        for (var i = first; i < last; i++)
            text.Append(i == first ? "" : "\r\n").Append(i == 0 ? head : new string(' ', margin)).Append(layout.Rows[i]);
        if (last - 1 - layout.CursorRow is > 0 and var up)
            text.Append(Escape).Append(up).Append('A');
        text.Append('\r');
        if (margin + layout.CursorColumn is > 0 and var right)
            text.Append(Escape).Append(right).Append('C');
        _row = layout.CursorRow - first;
        output.Write(text);
        output.Flush();
    }

    /// <summary>Ends the line and continues below it.</summary>
    public void End(LineModel line)
    {
        Draw(line.End(), instead: null);
        output.Write("\r\n");
        _row = 0;
    }

    /// <summary>Prints a text below the line, which is then drawn below the text.</summary>
    public void Below(string text)
    {
        output.Write("\r\n" + string.Join("\r\n", LineLayout.Of(text, 0, width() - 1).Rows) + "\r\n");
        _row = 0;
    }

    /// <summary>Clears the screen.</summary>
    public void Clear()
    {
        output.Write($"{Escape}2J{Escape}H");
        _row = 0;
    }
}
