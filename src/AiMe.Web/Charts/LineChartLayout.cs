using System.Collections.Immutable;

namespace AiMe.Web.Charts;

/// <summary>Where everything of a line chart is.</summary>
/// <param name="Labels">Places of the names beside the lines; empty if they do not fit, and then a legend is needed.</param>
/// <param name="Events">The upright lines with their names.</param>
public sealed record LineChartLayout(
    ChartBox Box,
    ChartAxis X,
    ChartAxis Y,
    ImmutableArray<(LineSeries Series, string Text, double Y)> Labels,
    EventLabels Events
)
{
    private const double LongestLabel = 0.3;
    private const double Gap = 10;
    private const double Top = 16;

    /// <summary>Lays out a chart.</summary>
    public static LineChartLayout Of(LineChartData chart, double width, double height)
    {
        var widest = chart.Series.Select(s => SvgText.Width(s.Name, ChartBox.Text)).DefaultIfEmpty(0).Max();
        var room = Math.Min(widest, LongestLabel * width);
        var labelled = chart.Series.Length * ChartBox.Line <= height - 60;
        var values = chart.Series.SelectMany(s => s.Points.SelectMany(p => new[] { p.Y, p.Low, p.High }).Concat(s.Thin.SelectMany(t => t)));
        var bottom = height - 42;
        var y = YScale(Top);
        var format = ChartAxis.Decimals(y, chart.Percent, chart.AreDifferences ? " pp" : "%");
        var left = 26 + y.Ticks.Max(t => SvgText.Width(format(t), ChartBox.Small));
        var right = width - (labelled ? room + Gap + 6 : 12);
        int[] xs = [.. chart.Series.SelectMany(s => s.Points).Select(p => (int)p.X).DefaultIfEmpty(0)];
        var x = ChartScale.Whole(xs.Min(), xs.Max(), left, right);
        // The names of upright lines stand above the plot, which is lower by their rows.
        var events = EventLabels.Of(chart.Events, x);
        var top = Top + events.Rows * EventLabels.Line;
        y = YScale(top);
        var box = new ChartBox(width, height, left, top, right, bottom);
        return new LineChartLayout(
            box,
            new ChartAxis(x, chart.XTitle, ChartAxis.Whole),
            new ChartAxis(y, chart.YTitle, format),
            labelled ? LabelsOf(chart, y, box, room) : [],
            events
        );

        ChartScale YScale(double highest) =>
            ChartScale.Round([.. values, .. chart.References.Select(r => r.Y)], bottom, highest, 5, chart.Least, chart.Most);
    }

    /// <summary>Where the line of a label begins and ends: from the last point to the label.</summary>
    public double LabelX => Box.Right + Gap;

    private static ImmutableArray<(LineSeries, string, double)> LabelsOf(LineChartData chart, ChartScale y, ChartBox box, double room)
    {
        double[] wanted =
        [
            .. chart
                .Series.Select(s => s.Points.LastOrDefault(p => !double.IsNaN(p.Y), new BandPoint(0, double.NaN, 0, 0)).Y)
                .Select(v => double.IsNaN(v) ? double.NaN : y.At(v)),
        ];
        var places = LabelColumn.Spread(wanted, ChartBox.Line, box.Top, box.Bottom);
        return [.. places.Select((place, i) => (chart.Series[i], SvgText.Fit(chart.Series[i].Name, ChartBox.Text, room + 2), place))];
    }
}
