using Spectre.Console;
using Wcwidth;

namespace AiMe.Console.Repl.Line;

/// <summary>Draws the edited line, over as many rows as needed.</summary>
/// <param name="width">Current number of columns.</param>
/// <param name="height">Current number of rows.</param>
internal sealed class LineScreen(TextWriter output, string prompt, Func<int> width, Func<int> height)
{
    private static readonly AnsiCapabilities s_ansi = new() { Ansi = true };

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
        var margin = UnicodeCalculator.GetWidth(head);
        var layout = LineLayout.Of(line.Text, line.Cursor, Math.Max(1, _width - margin - 1));
        // If the line does not fit on the screen, draw the part around the cursor.
        var first = Math.Max(0, layout.CursorRow - Math.Max(1, height() - 1) + 1);
        var last = Math.Min(layout.Rows.Length, first + Math.Max(1, height() - 1));

        using var text = new StringWriter();
        var writer = new AnsiWriter(text, s_ansi)
            .CursorUp(before > 0 && _width < before ? Math.Min(_row * 2, height() - 1) : _row)
            .Write("\r")
            .EraseInDisplay();
        for (var i = first; i < last; i++)
            writer.Write(i == first ? "" : "\r\n").Write(i == 0 ? head : new string(' ', margin)).Write(layout.Rows[i]);
        writer.CursorUp(last - 1 - layout.CursorRow).Write("\r").CursorRight(margin + layout.CursorColumn);
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
        new AnsiWriter(output, s_ansi).EraseInDisplay(2).CursorHome();
        _row = 0;
    }
}
