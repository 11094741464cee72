using System.CommandLine;
using AiMe.Console.Output.Comparison;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Comparison.Tables;

namespace AiMe.Console.Commands;

/// <summary>The options by which <c>aime compare</c> prints a table for another program.</summary>
internal sealed class TableOptions
{
    private readonly Option<string?> _form = new("--as")
    {
        Description = "Print one table: latex (booktabs) or markdown, with the figures of the page, or csv, with all digits",
        HelpName = "latex|markdown|csv",
    };
    private readonly Option<string?> _rows = new("--rows")
    {
        Description =
            "With --as, the rows: variants (means; the default of latex and markdown), instances (one an instance, generation and measure; "
            + "csv only, and its default) or contrasts (one a comparison, with interval, p, corrected p and whether it was declared)",
        HelpName = "variants|instances|contrasts",
    };
    private readonly Option<bool> _csv = new("--csv") { Description = "The same as --as csv --rows variants" };

    public TableOptions()
    {
        _form.AcceptOnlyFromAmong("latex", "markdown", "csv");
        _rows.AcceptOnlyFromAmong("variants", "instances", "contrasts");
    }

    /// <summary>All options, in the order of the help.</summary>
    public IEnumerable<Option> All => [_form, _rows, _csv];

    /// <summary>Whether a table is asked for.</summary>
    /// <exception cref="UsageException">The options contradict each other.</exception>
    public bool IsAsked(ParseResult parsed)
    {
        var (form, rows, csv) = (parsed.GetValue(_form), parsed.GetValue(_rows), parsed.GetValue(_csv));
        if (csv && (form is not null || rows is not null))
            throw new UsageException("found --csv and --as or --rows, expected one of them: --csv is --as csv --rows variants");
        if (rows is not null && form is null)
            throw new UsageException("--rows: found no --as, expected the form of the table: --as latex, markdown or csv");
        if (rows == "instances" && form != "csv")
            throw new UsageException($"--rows: found instances with --as {form}, expected --as csv: they are too many for a page");
        return csv || form is not null;
    }

    /// <summary>The text of the table.</summary>
    /// <param name="comparisons">The selected parts of the runs, at least one.</param>
    /// <param name="isAt">Whether a generation was selected: then CSV has that one alone.</param>
    public string Text(ParseResult parsed, IReadOnlyList<RunComparison> comparisons, bool isAt)
    {
        var (form, rows) = (parsed.GetValue(_form) ?? "csv", parsed.GetValue(_rows));
        if (form == "csv")
            return TableText.Csv(PlainTable.Joined([.. comparisons.Select(c => Raw(c, parsed.GetValue(_csv) ? "variants" : rows, isAt))]));
        return string.Join('\n', comparisons.Select(c => Text(form, c, rows == "contrasts")));
    }

    private static PlainTable Raw(RunComparison comparison, string? rows, bool isAt) =>
        rows switch
        {
            "variants" => VariantTable.Of(comparison, isAt ? comparison.Generation : 0),
            "contrasts" => ContrastTable.Of(comparison),
            _ => InstanceTable.Of(comparison, isAt ? comparison.Generation : null),
        };

    private static string Text(string form, RunComparison comparison, bool ofTests)
    {
        var table = ofTests ? ShownTable.OfTests(comparison) : ShownTable.OfVariants(comparison);
        var comment =
            $"aime compare {comparison.Plan.Run}, generation {comparison.Generation} of {comparison.Plan.Rounds}; "
            + (ofTests ? "declared tests" : "means over instances with 95% interval, [a, b] or half of it");
        return form == "latex" ? TableText.Latex(table, comment) : TableText.Markdown(table);
    }
}
