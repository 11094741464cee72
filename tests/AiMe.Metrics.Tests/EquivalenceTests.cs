using AiMe.Metrics.Statistics;

namespace AiMe.Metrics.Tests;

public sealed class EquivalenceTests
{
    /// <summary>Student's sleep data with bounds of half an hour: mean -1.58 and standard error .388961, as R's t.test has them.</summary>
    [Fact]
    public void It_gives_the_two_tests_of_Students_sleep_data_worked_by_hand()
    {
        double[] first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
        double[] second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
        var result = EquivalenceTest.Test(PairedDifference.Differences(first, second), -0.5, 0.5, 0.05);

        result.PAboveLow.ShouldBe(0.989, 5e-4); // t(9) = -2.777
        result.PBelowHigh.ShouldBe(0.000231, 5e-6); // t(9) = -5.348
        result.P.ShouldBe(result.PAboveLow);
        result.Interval.Low.ShouldBe(-2.293, 5e-4);
        result.Interval.High.ShouldBe(-0.867, 5e-4);
        result.IsEquivalent.ShouldBeFalse();
    }

    [Fact]
    public void It_is_significant_if_and_only_if_the_interval_lies_between_the_bounds() => Draw.Hold(Draw.Numbers(2, 15), d => new[]
            {
                50.0,
                200,
                600,
            }.All(bound =>
            {
                var result = EquivalenceTest.Test(d, -bound, bound, 0.05);
                return result.IsEquivalent == (result.Interval.Low >= -bound && result.Interval.High <= bound);
            }));

    [Fact]
    public void Wider_bounds_never_raise_p() =>
        Draw.Hold(Draw.Numbers(2, 15), d => EquivalenceTest.Test(d, -100, 100, 0.05).P >= EquivalenceTest.Test(d, -100, 150, 0.05).P);

    [Fact]
    public void Turned_around_it_says_the_same() =>
        Draw.Hold(Draw.Numbers(2, 15), d =>
            Math.Abs(EquivalenceTest.Test(d, -80, 100, 0.05).P - EquivalenceTest.Test([.. d.Select(x => -x)], -100, 80, 0.05).P) < 1e-12
        );

    [Theory]
    [InlineData(new double[] { 0, 0, 0 }, 0)]
    [InlineData(new double[] { 0.3, 0.1 + 0.2, 0.3 }, 0)] // equal but for rounding
    [InlineData(new double[] { 1, 1 }, 1)]
    [InlineData(new double[] { 0.7 + 0.2 + 0.1, 1, 1 }, 1)] // at the bound but for rounding
    [InlineData(new double[] { -2, -2, -2 }, 1)]
    public void Equal_differences_are_decided_by_their_place_alone(double[] differences, double p) =>
        EquivalenceTest.Test(differences, -1, 1, 0.05).P.ShouldBe(p);

    [Theory]
    [InlineData(new double[] { })]
    [InlineData(new double[] { 0.1 })]
    [InlineData(new double[] { 0.1, double.NaN })]
    [InlineData(new double[] { 0.1, 0.2, double.PositiveInfinity })]
    public void Too_few_or_undefined_differences_have_no_p(double[] differences)
    {
        var result = EquivalenceTest.Test(differences, -1, 1, 0.05);

        result.P.ShouldBe(double.NaN);
        result.IsEquivalent.ShouldBeFalse();
    }

    [Theory]
    [InlineData(1, -1, 0.05)]
    [InlineData(1, 1, 0.05)]
    [InlineData(double.NaN, 1, 0.05)]
    [InlineData(-1, double.PositiveInfinity, 0.05)]
    [InlineData(-1, 1, 0)]
    [InlineData(-1, 1, 0.5)]
    [InlineData(-1, 1, double.NaN)]
    public void Bounds_out_of_order_and_levels_that_are_none_are_refused(double low, double high, double alpha) =>
        Should.Throw<ArgumentException>(() => EquivalenceTest.Test([1, 2], low, high, alpha));

    [Fact]
    public void At_the_bound_it_claims_equivalence_no_more_often_than_alpha()
    {
        var random = new Random(13);
        var claimed = Enumerable
            .Range(0, 4000)
            .Count(_ => EquivalenceTest.Test([.. Enumerable.Range(0, 8).Select(_ => 3 + Draw.Normal(random))], -3, 3, 0.05).IsEquivalent);

        (claimed / 4000.0).ShouldBe(0.05, 0.012, "seed 13");
    }
}
