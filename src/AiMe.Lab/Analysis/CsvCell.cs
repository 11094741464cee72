using System.Globalization;

namespace AiMe.Lab.Analysis;

/// <summary>Cells of CSV that no spreadsheet takes for a formula, by OWASP's rule, and back.</summary>
/// <remarks>
/// A text that begins with =, +, -, @, a tab or a line end (or a full-width =, +, - or @) gets an apostrophe before it and
/// quotes around it. So does a text that begins with apostrophes and then one of these, so that reading takes off exactly
/// the one that was put there. Numbers stay as they are.
/// </remarks>
public static class CsvCell
{
    private const char Apostrophe = '\'';
    private const string Beginnings = "=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20";

    /// <summary>A cell with text.</summary>
    public static string Text(string text) =>
        IsFormula(text) ? Quoted($"{Apostrophe}{text}")
        : text.AsSpan().ContainsAny(",\"\r\n") ? Quoted(text)
        : text;

    /// <summary>A cell with a number if the text is one; else with text.</summary>
    public static string NumberOrText(string text) =>
        double.TryParse(
            text,
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture,
            out _
        )
            ? text
            : Text(text);

    /// <summary>The text of a cell whose quotes are taken off.</summary>
    public static string Read(string cell) => cell is [Apostrophe, .. var rest] && IsFormula(rest) ? rest : cell;

    private static bool IsFormula(string text) =>
        text.AsSpan().TrimStart(Apostrophe) is [var first, ..] && Beginnings.Contains(first, StringComparison.Ordinal);

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
