using AiMe.Web.Charts;
using Bunit;

namespace AiMe.Web.Tests.Charts;

/// <summary>What the charts draw, as a browser would see it.</summary>
public sealed class ChartTests : BunitContext
{
    private static readonly LineChartData Lines = new(
        "bare drift",
        "wild moves.",
        "generation",
        "bits",
        [
            new LineSeries(
                "wild",
                new SeriesStyle(0),
                [new(0, 0, double.NaN, double.NaN), new(1, 0.1, 0.05, 0.15)],
                [
                    [0, 0.08],
                    [0, 0.12],
                ]
            ),
            new LineSeries("tame", new SeriesStyle(1), [new(0, 0, 0, 0), new(1, double.NaN, double.NaN, double.NaN)], []),
        ],
        0,
        1,
        Percent: false
    );

    [Fact]
    public void A_chart_is_one_image_with_a_name_and_a_description()
    {
        var svg = Render<LineChart>(p => p.Add(c => c.Data, Lines)).Find("svg.chart");
        svg.GetAttribute("role").ShouldBe("img");
        svg.QuerySelector("title")!.TextContent.ShouldBe("bare drift");
        svg.QuerySelector("desc")!.TextContent.ShouldBe("wild moves.");
    }

    [Fact]
    public void A_line_chart_has_a_band_thin_lines_and_labels_of_its_own()
    {
        var chart = Render<LineChart>(p => p.Add(c => c.Data, Lines));
        chart.FindAll("path[fill-opacity='0.16']").Count.ShouldBe(2);
        chart.FindAll("path[stroke-opacity='0.35']").Count.ShouldBe(2);
        chart.FindAll("text[font-weight='600']").Select(t => t.TextContent).ShouldBe(["wild", "tame"]);
    }

    [Fact]
    public void No_chart_needs_a_style_attribute_which_the_policy_would_forbid() =>
        Render<LineChart>(p => p.Add(c => c.Data, Lines)).FindAll("[style]").ShouldBeEmpty();

    [Fact]
    public void Many_variants_get_a_legend_instead_of_labels()
    {
        var many = Lines with
        {
            Series = [.. Enumerable.Range(0, 30).Select(i => Lines.Series[0] with { Name = $"v{i}", Style = new SeriesStyle(i) })],
        };
        Render<LineChart>(p => p.Add(c => c.Data, many)).FindAll(".legend li").Count.ShouldBe(30);
    }

    [Fact]
    public void A_forest_plot_fills_the_marker_of_a_claim_and_leaves_the_other_open()
    {
        var plot = new ForestData(
            "contrasts",
            "",
            "difference",
            [new("a - b", "+0.1", "established", 0.1, 0.05, 0.15, IsStrong: true), new("c - d", "0", "", 0, -0.1, 0.1, IsStrong: false)],
            0,
            "no difference",
            Percent: false
        );
        var markers = Render<ForestPlot>(p => p.Add(c => c.Data, plot)).FindAll("path[stroke-width='2']");
        markers.Select(m => m.GetAttribute("fill")).ShouldBe(["var(--ink)", "var(--paper)"]);
    }

    [Fact]
    public void A_survival_chart_prints_the_numbers_at_risk()
    {
        var curves = new SurvivalData(
            "survival",
            "",
            "generation",
            "not crossed",
            [new("wild", new SeriesStyle(0), [new(1, 0.5, 0.2, 0.8, 0), new(2, 0.5, double.NaN, double.NaN, 3)], [6, 6, 3])],
            2
        );
        var texts = Render<SurvivalChart>(p => p.Add(c => c.Data, curves)).FindAll("text").Select(t => t.TextContent).ToArray();
        texts.ShouldContain("6");
        texts.ShouldContain("3");
    }

    [Fact]
    public void A_round_without_a_training_is_a_dash_with_a_gap_on_both_sides_so_that_the_line_does_not_hide_it()
    {
        var tree = new TreeData(
            "lineage",
            "",
            [("wild-1", new SeriesStyle(0))],
            3,
            [new(0, 0, -1, TreeNodeKind.Base, ""), new(0, 1, -1, TreeNodeKind.None, ""), new(0, 2, 0, TreeNodeKind.Promoted, "0.1")]
        );
        var paths = Render<TreeChart>(p => p.Add(c => c.Data, tree)).FindAll("path").Select(p => p.GetAttribute("stroke")).ToArray();
        var gap = Array.IndexOf(paths, "var(--paper)");
        gap.ShouldBeGreaterThan(0); // after the line from generation 0 to 2
        paths[gap + 1].ShouldBe(new SeriesStyle(0).Colour);
    }

    [Fact]
    public void A_hostile_name_is_text_in_every_chart()
    {
        const string Hostile = "</text><script>alert(1)</script>";
        var data = Lines with { Title = Hostile, Series = [Lines.Series[0] with { Name = Hostile }] };
        Render<LineChart>(p => p.Add(c => c.Data, data)).FindAll("script").ShouldBeEmpty();
    }
}
