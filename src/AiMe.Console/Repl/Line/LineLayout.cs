using System.Collections.Immutable;
using System.Globalization;
using Wcwidth;

namespace AiMe.Console.Repl.Line;

/// <summary>A text in rows of a terminal, wrapped at words, with the position of the cursor.</summary>
/// <param name="CursorColumn">Columns after the margin.</param>
internal sealed record LineLayout(ImmutableArray<string> Rows, int CursorRow, int CursorColumn)
{
    /// <summary>Wraps a text.</summary>
    /// <param name="cursor">Index into the text.</param>
    /// <param name="room">Columns of a row, 1 or more. A space that does not fit hangs at the row's end.</param>
    public static LineLayout Of(string text, int cursor, int room)
    {
        var clusters = StringInfo.ParseCombiningCharacters(text);
        var starts = Starts(text, clusters, Math.Max(1, room));
        var row = starts.FindLastIndex(start => start <= cursor);
        var rows = ImmutableArray.CreateBuilder<string>(starts.Count);
        for (var i = 0; i < starts.Count; i++)
            rows.Add(text[starts[i]..(i + 1 < starts.Count ? starts[i + 1] : text.Length)].TrimEnd('\n'));
        return new(
            rows.DrainToImmutable(),
            row,
            Math.Min(UnicodeCalculator.GetWidth(text[starts[row]..cursor].Replace("\n", "", StringComparison.Ordinal)), room)
        );
    }

    private static List<int> Starts(string text, int[] clusters, int room)
    {
        List<int> starts = [0];
        var (column, breakAt) = (0, 0);
        for (var i = 0; i < clusters.Length; i++)
        {
            var (from, to) = (clusters[i], i + 1 < clusters.Length ? clusters[i + 1] : text.Length);
            if (text[from] == '\n')
            {
                starts.Add(to);
                column = 0;
                continue;
            }

            var cells = UnicodeCalculator.GetWidth(text[from..to]);
            if (column + cells > room && text[from] != ' ' && from > starts[^1])
            {
                var at = breakAt > starts[^1] ? breakAt : from;
                starts.Add(at);
                column = UnicodeCalculator.GetWidth(text[at..from]);
            }

            column += cells;
            if (text[from] == ' ')
                breakAt = to;
        }

        return starts;
    }
}
