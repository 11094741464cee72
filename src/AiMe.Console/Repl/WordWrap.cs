using System.Text;
using Wcwidth;

namespace AiMe.Console.Repl;

/// <summary>Writes streamed text, wrapped at words, without control characters other than line feeds.</summary>
/// <param name="width">Columns; null to keep lines whole.</param>
internal sealed class WordWrap(TextWriter output, Func<int>? width)
{
    private readonly StringBuilder _word = new();
    private int _column;
    private int _blanks;

    /// <summary>Writes a piece of text. The last word is held back until it is complete.</summary>
    public void Write(string piece)
    {
        foreach (var c in piece)
        {
            if (c == '\n')
                EndLine();
            else if (c == ' ')
                Blank();
            else if (!char.IsControl(c))
                _word.Append(c);
        }

        output.Flush();
    }

    /// <summary>Writes the rest, and ends the line.</summary>
    public void EndLine()
    {
        Put();
        output.WriteLine();
        (_column, _blanks) = (0, 0);
        output.Flush();
    }

    private void Blank()
    {
        Put();
        _blanks++;
    }

    private void Put()
    {
        if (_word.Length == 0)
            return;
        var word = _word.ToString();
        var cells = UnicodeCalculator.GetWidth(word);
        if (_column > 0 && width is not null && _column + _blanks + cells >= width())
        {
            output.WriteLine();
            _column = 0;
        }
        else
        {
            output.Write(new string(' ', _blanks));
            _column += _blanks;
        }

        output.Write(word);
        (_column, _blanks) = (_column + cells, 0);
        _word.Clear();
    }
}
