using AiMe.Lab.Analysis.Comparison;

namespace AiMe.Lab.Tests.Analysis.Comparison;

public sealed class MeasureTests
{
    [Theory]
    [InlineData(double.NaN, "-")]
    [InlineData(0, "0.000")]
    [InlineData(0.0254, "0.025")]
    [InlineData(0.00004, "0.00004")] // never 0 for what is not 0
    [InlineData(-0.0004, "-0.0004")]
    public void A_value_is_shown_for_people(double value, string text) => Measure.BareDrift.Show(value).ShouldBe(text);

    [Theory]
    [InlineData(1e-13, "0%")] // a difference of equal means, off by rounding
    [InlineData(0.001234, "0.1%")]
    [InlineData(0.00012, "0.01%")]
    public void A_percentage_has_at_most_two_decimals(double value, string text) => Measure.Correctness.Show(value).ShouldBe(text);

    [Fact]
    public void Thousands_are_separated()
    {
        Measure.TokensTrained.Show(new Estimate(-12931, -27078, 1216, 5), difference: true).ShouldBe("-12,931 [-27,078, 1,216]");
        Measure.HeldOutRise.Show(24.531).ShouldBe("2,453.1%");
    }

    [Fact]
    public void A_fraction_is_shown_in_percent() => Measure.HeldOutRise.Show(0.0314).ShouldBe("3.1%");

    [Fact]
    public void An_interval_stands_behind_the_mean() =>
        Measure.BareDrift.Show(new Estimate(0.025, 0.01, 0.04, 5)).ShouldBe("0.025 [0.010, 0.040]");

    [Fact]
    public void A_narrow_interval_is_given_more_digits() =>
        Measure.BareDrift.Show(new Estimate(0.001, 0.0003, 0.0017, 5)).ShouldBe("0.0010 [0.0003, 0.0017]");

    [Fact]
    public void A_difference_above_0_has_a_plus() =>
        Measure.BareDrift.Show(new Estimate(0.025, -0.01, 0.06, 5), difference: true).ShouldBe("+0.025 [-0.010, 0.060]");

    [Fact]
    public void A_difference_of_shares_is_in_percentage_points()
    {
        Measure.Correctness.Show(new Estimate(-0.44, -0.5, -0.38, 5), difference: true).ShouldBe("-44 pp [-50, -38]");
        Measure.Correctness.ShowDifference(0.05).ShouldBe("5 pp");
        Measure.BareDrift.ShowDifference(0.05).ShouldBe("0.050");
    }

    [Fact]
    public void A_level_that_is_a_change_has_its_sign_and_a_difference_of_two_such_levels_is_in_points()
    {
        Estimate rise = new(1.801, 1.689, 1.912, 8);
        Measure.HeldOutRise.Show(rise).ShouldBe("+180.1% [168.9%, 191.2%]");
        Measure.HeldOutRise.Show(rise, difference: true).ShouldBe("+180.1 pp [168.9, 191.2]");
        Measure.Correctness.Show(rise).ShouldBe("180% [169%, 191%]");
    }

    [Fact]
    public void Without_an_interval_there_is_the_mean_alone() => Measure.BareDrift.Show(Estimate.Of([0.1])).ShouldBe("0.100");

    [Fact]
    public void An_estimate_leaves_out_what_is_undefined() => Estimate.Of([0.1, double.NaN, 0.3]).N.ShouldBe(2);
}
