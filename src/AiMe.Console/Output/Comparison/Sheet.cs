using System.Collections.Immutable;
using Spectre.Console;

namespace AiMe.Console.Output.Comparison;

/// <summary>A column of a sheet.</summary>
internal sealed record SheetColumn(string Header, ImmutableArray<Figure> Cells)
{
    /// <summary>Width in columns, including the space after it.</summary>
    public int Width(bool stacked) =>
        Math.Max(Header.Split('\n').Max(l => l.Length), Cells.Select(c => c.Width(stacked)).DefaultIfEmpty(0).Max()) + 2;
}

/// <summary>A table of any number of columns: columns that do not fit continue in another table below.</summary>
internal static class Sheet
{
    /// <summary>Writes the tables.</summary>
    /// <param name="label">Repeated in every table.</param>
    public static void Write(IAnsiConsole console, SheetColumn label, IReadOnlyList<SheetColumn> columns)
    {
        for (var first = 0; first < columns.Count; )
        {
            var (next, left) = (first, console.Profile.Width - 1 - label.Width(stacked: true));
            while (next < columns.Count && (next == first || columns[next].Width(stacked: true) <= left))
                left -= columns[next++].Width(stacked: true);
            Table(console, [label, .. columns.Skip(first).Take(next - first)], stacked: true);
            first = next;
        }
    }

    /// <summary>Writes groups of columns: as many whole groups as fit share a table.</summary>
    public static void Write(IAnsiConsole console, SheetColumn label, IReadOnlyList<ImmutableArray<SheetColumn>> groups)
    {
        var room = console.Profile.Width - 1 - label.Width(stacked: true);
        List<SheetColumn> columns = [];
        foreach (var group in groups)
        {
            if (columns.Count > 0 && columns.Concat(group).Sum(c => c.Width(stacked: true)) > room)
            {
                Write(console, label, columns);
                columns.Clear();
            }

            columns.AddRange(group);
        }

        Write(console, label, columns);
    }

    /// <summary>Writes one table with a line for each row, at any width.</summary>
    public static void WriteWide(IAnsiConsole console, SheetColumn label, IReadOnlyList<SheetColumn> columns)
    {
        var width = console.Profile.Width;
        console.Profile.Width = Math.Max(width, 2 + label.Width(stacked: false) + columns.Sum(c => c.Width(stacked: false)));
        Table(console, [label, .. columns], stacked: false);
        console.Profile.Width = width;
    }

    private static void Table(IAnsiConsole console, IReadOnlyList<SheetColumn> columns, bool stacked)
    {
        var table = CompareView.Bare(console);
        foreach (var column in columns)
            table.AddColumn(CompareView.Column(column.Header));
        for (var row = 0; row < columns[0].Cells.Length; row++)
            table.AddRow(columns.Select(c => c.Cells[row].Render(stacked)));
        console.Write(table);
    }
}
