using System.Globalization;
using AiMe.Lab.Analysis.Comparison.Tables;

namespace AiMe.Web.Report;

/// <summary>Keeps spreadsheets from running recorded text as formulas.</summary>
public static class CsvCells
{
    /// <summary>
    /// The same table; before a cell that begins like a formula (=, +, -, @, tab or carriage return) and is no number stands
    /// an apostrophe.
    /// </summary>
    public static PlainTable Neutral(PlainTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return table with { Rows = [.. table.Rows.Select(r => r.Any(Acts) ? [.. r.Select(c => Acts(c) ? $"'{c}" : c)] : r)] };
    }

    private static bool Acts(string cell) =>
        cell.Length > 0
        && cell[0] is '=' or '+' or '-' or '@' or '\t' or '\r'
        && !double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
