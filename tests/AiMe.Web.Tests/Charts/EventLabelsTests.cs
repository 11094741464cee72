using AiMe.Web.Charts;
using Bunit;

namespace AiMe.Web.Tests.Charts;

/// <summary>Upright lines and the names above them.</summary>
public sealed class EventLabelsTests : BunitContext
{
    private static readonly ChartScale Scale = ChartScale.Whole(0, 6, 40, 340);

    [Fact]
    public void Names_that_would_overlap_stand_in_rows_and_the_others_in_the_lowest()
    {
        var labels = EventLabels.Of([new(3, "cycle 40: treated"), new(3.4, "cycle 46: treated"), new(6, "cycle 79: x")], Scale);
        labels.Rows.ShouldBe(2);
        labels.Labels.Select(l => l.Row).ShouldBe([0, 1, 0]);
        labels.Labels.Select(l => l.Line).ShouldBe([190, 210, 340], 1e-9);
    }

    [Fact]
    public void A_name_stays_within_the_plot()
    {
        foreach (var label in EventLabels.Of([new(0, "cycle 1: treated"), new(6, new string('x', 300))], Scale).Labels)
        {
            var half = SvgText.Width(label.Text, EventLabels.Size) / 2;
            (label.X - half).ShouldBeGreaterThanOrEqualTo(Scale.From - 0.01);
            (label.X + half).ShouldBeLessThanOrEqualTo(Scale.To + 0.01);
        }
    }

    [Fact]
    public void Lines_without_room_for_their_names_are_drawn_all_the_same()
    {
        var labels = EventLabels.Of([.. Enumerable.Range(0, 9).Select(i => new EventLine(3 + i / 10.0, "cycle 40: treated"))], Scale);
        labels.Rows.ShouldBe(3);
        labels.Labels.Length.ShouldBe(9);
        labels.Labels.Count(l => l.Text.Length > 0).ShouldBe(3);
    }

    [Fact]
    public void A_chart_draws_a_line_from_its_name_to_the_axis_and_none_without_an_event()
    {
        LineChartData data = new(
            "drift",
            "",
            "generation",
            "bits",
            [new LineSeries("wild", new SeriesStyle(0), [new(0, 0, 0, 0), new(2, 1, 1, 1)], [])],
            0,
            1,
            Percent: false
        );
        Render<LineChart>(p => p.Add(c => c.Data, data)).FindAll("g.events").ShouldBeEmpty();
        var chart = Render<LineChart>(p => p.Add(c => c.Data, data with { Events = [new(1, "cycle 5: wild")] }));
        var at = LineChartLayout.Of(data with { Events = [new(1, "cycle 5: wild")] }, ChartBox.Narrow, ChartBox.Usual);
        chart.Find("g.events path").GetAttribute("d").ShouldStartWith($"M{SvgText.N((at.Box.Left + at.Box.Right) / 2)} ");
        chart.Find("g.events text").TextContent.ShouldBe("cycle 5: wild");
        at.Box.Top.ShouldBe(16 + EventLabels.Line, "the plot leaves a row for the name");
    }
}
