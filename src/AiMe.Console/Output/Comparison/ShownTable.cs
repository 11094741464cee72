using System.Collections.Immutable;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Comparison.Declared;
using AiMe.Lab.Analysis.Comparison.Tables;

namespace AiMe.Console.Output.Comparison;

/// <summary>The tables of a page as text, for papers.</summary>
internal static class ShownTable
{
    /// <summary>A row a variant, with the columns of the page but the bars.</summary>
    public static PlainTable OfVariants(RunComparison comparison)
    {
        var label = new SheetColumn("variant", [.. comparison.Variants.Select(v => new Figure(v.Name))]);
        if (!comparison.ChoosesMeasures)
            return Of(label, [.. new VariantColumns(comparison, unicode: true).Groups(bars: false).SelectMany(g => g)]);
        var columns = new MeasureColumns([comparison], unicode: true);
        return Of(label, [columns.Instances, .. comparison.Measures.Select(columns.Of)]);
    }

    /// <summary>A row a declared test.</summary>
    public static PlainTable OfTests(RunComparison comparison) =>
        Of(
            new SheetColumn("outcome", [.. comparison.Tests.Select(t => new Figure(DeclaredBlock.Outcome(t)))]),
            [
                new SheetColumn("contrast", [.. comparison.Tests.Select(t => new Figure(TestWords.Contrast(t)))]),
                .. DeclaredBlock.Columns(comparison.Tests),
            ]
        );

    private static PlainTable Of(SheetColumn label, ImmutableArray<SheetColumn> columns)
    {
        ImmutableArray<SheetColumn> all = [label, .. columns];
        return new PlainTable(
            [.. all.Select(c => OneLine(c.Header))],
            [.. label.Cells.Select((_, row) => (ImmutableArray<string>)[.. all.Select(c => Cell(c.Cells[row]))])]
        );
    }

    private static string Cell(Figure figure) => OneLine($"{figure.Main} {figure.Note}".Trim());

    private static string OneLine(string text) => text.Replace('\n', ' ');
}
