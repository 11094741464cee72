using AiMe.Metrics.Statistics;

namespace AiMe.Metrics.Tests;

public sealed class PairedPowerTests
{
    /// <summary>G*Power 3, "difference between two dependent means": alpha .05, two-sided, power .8 unless said otherwise.</summary>
    [Theory]
    [InlineData(0.2, Direction.Either, 0.8, 199)]
    [InlineData(0.5, Direction.Either, 0.8, 34)]
    [InlineData(0.8, Direction.Either, 0.8, 15)]
    [InlineData(1.0, Direction.Either, 0.8, 10)]
    [InlineData(0.5, Direction.Either, 0.95, 54)]
    [InlineData(0.5, Direction.Greater, 0.8, 27)]
    [InlineData(0.5, Direction.Greater, 0.95, 45)]
    public void The_needed_replicates_are_those_of_G_Power(double dz, Direction direction, double power, int replicates) =>
        PairedPower.NeededReplicates(dz, 1, 0.05, direction, power).ShouldBe(replicates);

    /// <summary>power.t.test(n, delta, sd = 1, type = "paired"), and G*Power's achieved power.</summary>
    [Theory]
    [InlineData(34, 0.5, Direction.Either, 0.8077775)]
    [InlineData(10, 1.0, Direction.Either, 0.8030969)]
    [InlineData(27, 0.5, Direction.Greater, 0.8118316)]
    public void The_power_is_that_of_G_Power(int replicates, double dz, Direction direction, double power) =>
        PairedPower.Of(3 * dz, 3, replicates, 0.05, direction).ShouldBe(power, 1e-6);

    [Theory]
    [InlineData(7)]
    [InlineData(12)]
    [InlineData(100)]
    [InlineData(10_000)]
    public void Without_a_difference_the_power_is_alpha(int replicates)
    {
        foreach (var direction in Enum.GetValues<Direction>())
            PairedPower.Of(0, 2, replicates, 0.05, direction).ShouldBe(0.05, 1e-8);
    }

    [Fact]
    public void More_replicates_a_larger_difference_and_less_scatter_have_more_power()
    {
        for (var n = 6; n < 40; n++)
        {
            var power = PairedPower.Of(0.4, 1, n, 0.05, Direction.Either);
            PairedPower.Of(0.4, 1, n + 1, 0.05, Direction.Either).ShouldBeGreaterThan(power);
            PairedPower.Of(-0.5, 1, n, 0.05, Direction.Either).ShouldBeGreaterThan(power);
            PairedPower.Of(0.4, 0.9, n, 0.05, Direction.Either).ShouldBeGreaterThan(power);
            PairedPower.Of(0.4, 1, n, 0.05, Direction.Greater).ShouldBeGreaterThan(power);
            PairedPower.Of(0.4, 1, n, 0.05, Direction.Less).ShouldBeLessThan(0.05);
        }
    }

    [Theory]
    [InlineData(6, Direction.Either)]
    [InlineData(5, Direction.Less)]
    [InlineData(8, Direction.Either)]
    [InlineData(34, Direction.Greater)]
    [InlineData(2000, Direction.Either)]
    public void The_detectable_difference_has_the_power_that_was_asked_for(int replicates, Direction direction)
    {
        var difference = PairedPower.DetectableDifference(0.03, replicates, 0.05, direction);
        PairedPower.Of(direction == Direction.Less ? -difference : difference, 0.03, replicates, 0.05, direction).ShouldBe(0.8, 1e-7);
    }

    [Fact]
    public void The_needed_replicates_are_the_fewest_that_suffice()
    {
        foreach (var dz in new[] { 0.3, 0.45, 0.7, 1.1, 1.4 })
        {
            var n = PairedPower.NeededReplicates(-dz, 1, 0.05, Direction.Less, 0.9)!.Value;
            PairedPower.Of(-dz, 1, n, 0.05, Direction.Less).ShouldBeGreaterThanOrEqualTo(0.9);
            PairedPower.Of(-dz, 1, n - 1, 0.05, Direction.Less).ShouldBeLessThan(0.9);
        }
    }

    [Theory]
    [InlineData(Direction.Either, 0.05, 6)]
    [InlineData(Direction.Greater, 0.05, 5)]
    [InlineData(Direction.Either, 0.005, 9)]
    public void However_large_the_difference_the_sign_flip_test_has_a_floor(Direction direction, double alpha, int floor)
    {
        PairedPower.NeededReplicates(1000, 1, alpha, direction).ShouldBe(floor);
        PairedPower.Of(1000, 1, floor, alpha, direction).ShouldBe(1, 1e-9);
        PairedPower.Of(1000, 1, floor - 1, alpha, direction).ShouldBe(0);
        PairedPower.DetectableDifference(1, floor - 1, alpha, direction).ShouldBe(double.PositiveInfinity);
    }

    /// <summary>P(Z above -1.4) = .9192433.</summary>
    [Fact]
    public void With_the_fewest_pairs_all_signs_must_be_alike()
    {
        PairedPower.Of(1.4, 1, 5, 0.05, Direction.Greater).ShouldBe(Math.Pow(0.9192433, 5), 1e-6);
        PairedPower.Of(-1.4, 1, 6, 0.05, Direction.Either).ShouldBe(Math.Pow(0.9192433, 6) + Math.Pow(0.0807567, 6), 1e-6);
        PairedPower.Of(0, 1, 6, 0.05, Direction.Either).ShouldBe(SignFlip.AttainableSize(6, 0.05, Direction.Either), 1e-12);
    }

    [Fact]
    public void What_no_number_of_replicates_can_show_is_null()
    {
        PairedPower.NeededReplicates(0, 1, 0.05, Direction.Either).ShouldBeNull();
        PairedPower.NeededReplicates(1e-6, 1, 0.05, Direction.Either).ShouldBeNull();
        PairedPower.NeededReplicates(1, 1, 1e-6, Direction.Either).ShouldBeNull();
        PairedPower.NeededReplicates(double.NaN, 1, 0.05, Direction.Either).ShouldBeNull();
        PairedPower.NeededReplicates(1, double.NaN, 0.05, Direction.Either).ShouldBeNull();
    }

    [Fact]
    public void Without_scatter_any_difference_is_found()
    {
        PairedPower.Of(0.1, 0, 6, 0.05, Direction.Either).ShouldBe(1);
        PairedPower.Of(-0.1, 0, 6, 0.05, Direction.Greater).ShouldBe(0);
        PairedPower.Of(0, 0, 6, 0.05, Direction.Either).ShouldBe(0);
        PairedPower.NeededReplicates(0.1, 0, 0.05, Direction.Either).ShouldBe(6);
        PairedPower.DetectableDifference(0, 6, 0.05, Direction.Either).ShouldBe(0);
    }

    [Fact]
    public void What_is_undefined_stays_undefined()
    {
        PairedPower.Of(double.NaN, 1, 8, 0.05, Direction.Either).ShouldBe(double.NaN);
        PairedPower.Of(1, double.NaN, 8, 0.05, Direction.Either).ShouldBe(double.NaN);
        PairedPower.DetectableDifference(double.NaN, 8, 0.05, Direction.Either).ShouldBe(double.NaN);
    }

    [Fact]
    public void Arguments_outside_their_range_are_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => PairedPower.Of(1, -1, 8, 0.05, Direction.Either));
        Should.Throw<ArgumentOutOfRangeException>(() => PairedPower.Of(1, 1, -8, 0.05, Direction.Either));
        Should.Throw<ArgumentOutOfRangeException>(() => PairedPower.Of(1, 1, 10_001, 0.05, Direction.Either));
        Should.Throw<ArgumentOutOfRangeException>(() => PairedPower.Of(1, 1, 8, 1.05, Direction.Either));
        Should.Throw<ArgumentOutOfRangeException>(() => PairedPower.DetectableDifference(1, 8, 0.05, Direction.Either, 0.04));
        Should.Throw<ArgumentOutOfRangeException>(() => PairedPower.NeededReplicates(1, 1, 0.05, Direction.Either, 1));
    }

    /// <summary>m = 8, s = 1: chi-squared quantiles with 7 degrees of freedom are 1.689869 and 16.012764.</summary>
    [Fact]
    public void A_pilots_interval_is_the_chi_squared_one()
    {
        var sd = PilotForecast.Of(Pilot, 0.95).StandardDeviation;

        sd.Estimate.ShouldBe(1, 1e-12);
        sd.Low.ShouldBe(Math.Sqrt(7 / 16.012764), 1e-6);
        sd.High.ShouldBe(Math.Sqrt(7 / 1.689869), 1e-6);
    }

    [Fact]
    public void A_pilots_uncertainty_is_carried_through()
    {
        var pilot = PilotForecast.Of(Pilot, 0.95);
        var needed = pilot.NeededReplicates(1, 0.05, Direction.Either);
        var detectable = pilot.DetectableDifference(10, 0.05, Direction.Either);
        var power = pilot.Power(1, 10, 0.05, Direction.Either);

        needed.Estimate.ShouldBe(10);
        needed.Low.ShouldBe(PairedPower.NeededReplicates(1, pilot.StandardDeviation.Low, 0.05, Direction.Either));
        needed.High.ShouldBe(PairedPower.NeededReplicates(1, pilot.StandardDeviation.High, 0.05, Direction.Either));
        (detectable.Low < detectable.Estimate && detectable.Estimate < detectable.High).ShouldBeTrue();
        (power.Low < power.Estimate && power.Estimate < power.High).ShouldBeTrue();
        power.Estimate.ShouldBe(0.8030969, 1e-6);
    }

    [Theory]
    [InlineData(new double[] { })]
    [InlineData(new double[] { 1 })]
    [InlineData(new double[] { 1, double.NaN, 2 })]
    public void A_pilot_without_scatter_to_measure_forecasts_nothing(double[] differences)
    {
        var pilot = PilotForecast.Of(differences, 0.95);

        pilot.StandardDeviation.Estimate.ShouldBe(double.NaN);
        pilot.NeededReplicates(1, 0.05, Direction.Either).ShouldBe(new PilotEstimate<int?>(null, null, null));
        pilot.Power(1, 10, 0.05, Direction.Either).Estimate.ShouldBe(double.NaN);
    }

    /// <summary>The exact sign-flip test of normal differences, beside the forecast of the t test.</summary>
    [Theory]
    [InlineData(6, 1.5)]
    [InlineData(8, 1.0)]
    [InlineData(12, 0.9)]
    public void The_sign_flip_test_has_nearly_the_power_that_is_forecast(int replicates, double dz)
    {
        var random = new Random(17);
        var found = Enumerable
            .Range(0, 1500)
            .Count(_ => SignFlip.PValue([.. Enumerable.Range(0, replicates).Select(_ => dz + Draw.Normal(random))], 0) <= 0.05);

        (found / 1500.0).ShouldBe(PairedPower.Of(dz, 1, replicates, 0.05, Direction.Either), 0.05, "seed 17");
    }

    private static readonly double[] Pilot = Standard([0.1, -1.2, 0.7, 0.4, 2.1, -0.3, 0.9, -0.6]);

    private static double[] Standard(double[] values) => [.. values.Select(v => v / StandardDeviation.Of(values))];
}
