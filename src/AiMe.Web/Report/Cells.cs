using System.Globalization;
using AiMe.Lab.Analysis.Comparison.Tables;

namespace AiMe.Web.Report;

/// <summary>Cells of the tables behind figures.</summary>
public static class Cells
{
    /// <summary>A number with all digits; empty if undefined.</summary>
    public static string Of(double value) => double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "";

    /// <summary>A cell as it is shown: a fraction with four significant digits, everything else as it is.</summary>
    public static string Shown(string cell) =>
        cell.Contains('.', StringComparison.Ordinal)
        && double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value.ToString(Math.Abs(value) is >= 1000 ? "0" : "G4", CultureInfo.InvariantCulture)
            : cell;

    /// <summary>Whether a cell is a number.</summary>
    public static bool IsNumber(string cell) => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    /// <summary>A table as a link to itself: CSV that no spreadsheet takes for formulas.</summary>
    public static string Link(PlainTable table) =>
        "data:text/csv;charset=utf-8;base64," + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(TableText.Csv(table)));
}
