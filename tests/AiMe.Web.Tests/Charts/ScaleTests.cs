using AiMe.Web.Charts;

namespace AiMe.Web.Tests.Charts;

public sealed class ScaleTests
{
    [Theory]
    [InlineData(0, 0.177, "0 0.05 0.1 0.15 0.2")]
    [InlineData(-0.038, 0.073, "-0.05 0 0.05 0.1")]
    [InlineData(12, 12, "10.5 11 11.5 12 12.5 13 13.5")]
    [InlineData(0, 0, "0 0.2 0.4 0.6 0.8 1")]
    [InlineData(1e-7, 9e-7, "0 2E-07 4E-07 6E-07 8E-07 1E-06")]
    public void A_scale_begins_and_ends_at_round_values(double low, double high, string ticks)
    {
        var scale = ChartScale.Round([low, high], 0, 100, 5);
        string.Join(' ', scale.Ticks.Select(t => Math.Round(t, 12))).ShouldBe(ticks);
        (scale.At(scale.Low), scale.At(scale.High)).ShouldBe((0, 100));
    }

    [Fact]
    public void A_scale_does_not_go_beyond_the_bounds_of_the_measure() =>
        ChartScale.Round([0.2, 0.97], 0, 100, 5, least: 0, most: 1).Ticks[^1].ShouldBe(1, 1e-12);

    [Fact]
    public void Undefined_values_are_left_out_and_none_at_all_is_a_unit_scale() =>
        ChartScale.Round([double.NaN, double.PositiveInfinity], 0, 100, 5).High.ShouldBe(1);

    [Theory]
    [InlineData(0, 3, 4)]
    [InlineData(0, 9, 10)]
    [InlineData(0, 40, 9)]
    [InlineData(0, 0, 1)]
    [InlineData(0, 1000, 6)]
    public void Generations_have_whole_ticks_and_not_too_many(int low, int high, int count)
    {
        var ticks = ChartScale.Whole(low, high, 0, 100).Ticks;
        ticks.Length.ShouldBe(count);
        ticks.ShouldAllBe(t => t == Math.Floor(t) && t <= Math.Max(high, 1));
    }

    [Fact]
    public void Labels_keep_a_line_apart_and_stay_near_their_lines()
    {
        var places = LabelColumn.Spread([50, 51, 52, 90], 16, 0, 100);
        places.Zip(places.Skip(1), (a, b) => b - a).ShouldAllBe(gap => gap >= 16 - 1e-9);
        places.Max().ShouldBeLessThanOrEqualTo(100);
        places[1].ShouldBe(51, 8.0);
    }

    [Fact]
    public void Labels_that_do_not_fit_are_left_to_a_legend() => LabelColumn.Spread(new double[20], 16, 0, 100).ShouldBeEmpty();

    [Fact]
    public void An_undefined_point_interrupts_a_line_and_a_band()
    {
        SvgText.Line([(0, 0), (1, double.NaN), (2, 2), (3, 3)]).ShouldBe("M0 0M2 2L3 3");
        SvgText.Band([(0, double.NaN, double.NaN), (1, 4, 2), (2, 4, 2)]).ShouldBe("M1 2L2 2L2 4L1 4Z");
    }

    [Fact]
    public void A_long_name_is_cut_with_an_ellipsis()
    {
        var cut = SvgText.Fit("a-variant-with-a-very-long-name", 13, 80);
        cut.ShouldEndWith("\u2026");
        SvgText.Width(cut, 13).ShouldBeLessThanOrEqualTo(80);
    }

    [Fact]
    public void Twelve_variants_differ_by_more_than_colour()
    {
        var styles = Enumerable.Range(0, 12).Select(i => new SeriesStyle(i)).Select(s => (s.Colour, s.Dash, s.Marker)).ToArray();
        styles.Distinct().Count().ShouldBe(12);
        styles.Take(6).Select(s => s.Marker).Distinct().Count().ShouldBe(6, "shapes alone tell six apart");
    }
}
