using System.Collections.Immutable;
using System.Text;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Runs.Imports;

/// <summary>Reads rows of fields: RFC 4180, with commas, semicolons or tabs between the fields.</summary>
internal static class CsvText
{
    /// <summary>A row, with the line that it begins on.</summary>
    /// <param name="Whole">Whether its quotes are paired.</param>
    public sealed record CsvRow(int Line, ImmutableArray<string> Fields, bool Whole);

    /// <summary>The separator of a header line; null if it is none.</summary>
    public static char? Separator(string text)
    {
        var end = text.AsSpan().IndexOfAny('\r', '\n');
        var header = end < 0 ? text : text[..end];
        foreach (var separator in (char[])['\t', ',', ';'])
        {
            var names = header.Split(separator);
            if (names.Length > 1 && Array.TrueForAll(names, IsName))
                return separator;
        }

        return null;
    }

    /// <summary>All rows. Empty lines are none.</summary>
    public static List<CsvRow> Rows(string text, char separator)
    {
        List<CsvRow> rows = [];
        var (at, line) = (0, 1);
        while (at < text.Length)
        {
            var (first, fields, whole) = (line, ImmutableArray.CreateBuilder<string>(), true);
            bool more;
            do
            {
                fields.Add(Field(text, separator, ref at, ref line, ref whole));
                more = at < text.Length && text[at] == separator;
                at += more ? 1 : 0;
            } while (more);

            if (at < text.Length && text[at] == '\r')
                at++;
            if (at < text.Length && text[at] == '\n')
                at++;
            line++;
            if (fields is not [""])
                rows.Add(new CsvRow(first, fields.ToImmutable(), whole));
        }

        return rows;
    }

    // Ends before a separator, a line end, or the end of the text.
    private static string Field(string text, char separator, ref int at, ref int line, ref bool whole)
    {
        StringBuilder field = new();
        if (at < text.Length && text[at] == '"')
        {
            at++;
            while (at < text.Length && (text[at] != '"' || at + 1 < text.Length && text[at + 1] == '"'))
            {
                line += text[at] == '\n' ? 1 : 0;
                field.Append(text[at]);
                at += text[at] == '"' ? 2 : 1;
            }

            whole &= at < text.Length;
            at += at < text.Length ? 1 : 0;
        }

        for (; at < text.Length && text[at] != separator && text[at] is not ('\r' or '\n'); at++)
            field.Append(text[at]);
        return field.ToString();
    }

    private static bool IsName(string name) =>
        name.Trim().Trim('"') is { Length: > 0 and <= 40 } bare && bare.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.' or ' ');
}
