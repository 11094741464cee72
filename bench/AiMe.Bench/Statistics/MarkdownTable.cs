using System.Globalization;

namespace AiMe.Bench.Statistics;

/// <summary>A table in Markdown: the first column is text, the others numbers.</summary>
internal sealed record MarkdownTable(string Title, string[] Head, IReadOnlyList<string[]> Rows)
{
    public override string ToString() =>
        string.Join(
            '\n',
            [$"**{Title}**", "", Line(Head), $"|---|{string.Concat(Head.Skip(1).Select(_ => "--:|"))}", .. Rows.Select(Line), ""]
        );

    /// <summary>A probability with so many decimals; "-" if undefined.</summary>
    public static string Number(double value, int decimals = 3) =>
        double.IsNaN(value) ? "-" : value.ToString($"F{decimals}", CultureInfo.InvariantCulture);

    private static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";
}
