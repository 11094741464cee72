using System.Collections.Immutable;

namespace AiMe.Web.Charts;

/// <summary>Where everything of a forest plot is: of each row a line of text, the interval, and a note.</summary>
public sealed record ForestLayout(
    ChartBox Box,
    ChartAxis X,
    ImmutableArray<(ForestRow Row, string Label, double Text, double Bar, double Note)> Rows
)
{
    private const double Side = 20;
    private const double WithNote = 56;
    private const double Without = 42;

    /// <summary>Lays out a plot; its height follows from its rows.</summary>
    public static ForestLayout Of(ForestData plot, double width)
    {
        var top = plot.ZeroName.Length > 0 ? 22.0 : 8;
        var rows = ImmutableArray.CreateBuilder<(ForestRow, string, double, double, double)>();
        var y = top;
        foreach (var row in plot.Rows)
        {
            var room = width - 2 * Side - SvgText.Width(row.Value, ChartBox.Text) - 12;
            rows.Add((row, SvgText.Fit(row.Label, ChartBox.Text, room), y + 14, y + 27, y + 47));
            y += row.Note.Length > 0 ? WithNote : Without;
        }

        var scale = ChartScale.Round(
            [
                .. plot.Rows.SelectMany(r => (double[])[r.Estimate, r.Low, r.High, .. r.Strokes]),
                plot.Zero,
                plot.Zero - plot.Margin,
                plot.Zero + plot.Margin,
                plot.Includes,
            ],
            Side,
            width - Side,
            5
        );
        return new ForestLayout(
            new ChartBox(width, y + 44, Side, top, width - Side, y + 2),
            new ChartAxis(scale, plot.XTitle, ChartAxis.Decimals(scale, plot.Percent, plot.AreDifferences ? " pp" : "%")),
            rows.DrainToImmutable()
        );
    }
}
