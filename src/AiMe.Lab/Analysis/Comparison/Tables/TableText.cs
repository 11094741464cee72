using System.Collections.Immutable;
using System.Text;

namespace AiMe.Lab.Analysis.Comparison.Tables;

/// <summary>Writes a table as LaTeX, Markdown or CSV.</summary>
public static class TableText
{
    /// <summary>RFC 4180: commas, CRLF, quotes if needed, a header line; no text is a formula to a spreadsheet.</summary>
    public static string Csv(PlainTable table) =>
        string.Concat(table.Rows.Prepend(table.Header).Select(r => $"{string.Join(',', r.Select(CsvCell.NumberOrText))}\r\n"));

    /// <summary>A table of GitHub's Markdown; a column of figures is aligned to the right.</summary>
    public static string Markdown(PlainTable table)
    {
        return string.Concat(
            table
                .Rows.Prepend([.. table.Header.Select((_, i) => i == 0 ? ":--" : "--:")])
                .Prepend(table.Header)
                .Select((r, i) => Line(r, i == 1))
        );

        static string Line(ImmutableArray<string> cells, bool isRule) =>
            $"| {string.Join(" | ", cells.Select(c => isRule ? c : OfMarkdown(c)))} |\n";
    }

    /// <summary>A <c>tabular</c> with the rules of the package booktabs.</summary>
    /// <param name="comment">One line before it.</param>
    public static string Latex(PlainTable table, string comment)
    {
        var text = new StringBuilder();
        text.Append($"% {Plain(comment)}\n\\begin{{tabular}}{{l{new string('r', table.Header.Length - 1)}}}\n\\toprule\n");
        text.Append($"{Line(table.Header)}\\midrule\n");
        foreach (var row in table.Rows)
            text.Append(Line(row));
        return text.Append("\\bottomrule\n\\end{tabular}\n").ToString();

        static string Line(ImmutableArray<string> cells) => $"{string.Join(" & ", cells.Select((c, i) => OfLatex(c, i == 0)))} \\\\\n";
    }

    private static string OfMarkdown(string text) =>
        string.Concat(text.Select(c => "\\|*_`<[]~#".Contains(c, StringComparison.Ordinal) ? $"\\{c}" : $"{c}"));

    // After the end of a row, and after a rule, a bracket or an asterisk would be an argument.
    private static string OfLatex(string text, bool beginsRow)
    {
        var plain = Plain(text);
        var escaped = string.Concat(plain.Select((c, i) => OfLatex(c, IsMinus(plain, i), i > 0 && plain[i - 1] == c)));
        return beginsRow && escaped is ['[' or '*', ..] ? $"{{{escaped[0]}}}{escaped[1..]}" : escaped;
    }

    private static string OfLatex(char c, bool isMinus, bool isRepeated) =>
        c switch
        {
            '\\' => "\\textbackslash{}",
            '~' => "\\textasciitilde{}",
            '^' => "\\textasciicircum{}",
            '|' => "\\textbar{}",
            '`' => "\\textasciigrave{}",
            '<' or '>' => $"${c}$",
            '±' => "$\\pm$",
            '&' or '%' or '$' or '#' or '_' or '{' or '}' => $"\\{c}",
            '-' when isMinus => "$-$",
            '-' or '\'' or ',' when isRepeated => $"{{}}{c}", // else two of them are another character
            _ => c.ToString(),
        };

    // A control character has no place in a cell, and a line end would end a comment.
    private static string Plain(string text) => string.Concat(text.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c));

    // A hyphen before a figure, and after none of a word's characters.
    private static bool IsMinus(string text, int at) =>
        at + 1 < text.Length && char.IsAsciiDigit(text[at + 1]) && (at == 0 || text[at - 1] is ' ' or '[');
}
