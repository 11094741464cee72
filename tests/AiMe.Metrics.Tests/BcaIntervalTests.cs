using AiMe.Metrics.Statistics;

namespace AiMe.Metrics.Tests;

public sealed class BcaIntervalTests
{
    private static double[] Values(int n, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, n).Select(_ => -Math.Log(1 - random.NextDouble()))];
    }

    /// <summary>Efron's z0 and a, put into his formula with the quantiles of an independent list of resamples.</summary>
    [Fact]
    public void The_bounds_are_those_of_the_formula()
    {
        var values = Values(12, 4);
        var random = new SplitMix(9);
        var means = Enumerable.Range(0, 999).Select(_ => Enumerable.Range(0, 12).Average(_ => values[random.Below(12)])).Order().ToArray();
        var mean = values.Average();
        var jackknife = Enumerable.Range(0, 12).Select(i => values.Where((_, j) => j != i).Average()).ToArray();
        var centre = jackknife.Average();
        var a = jackknife.Sum(m => Math.Pow(centre - m, 3)) / (6 * Math.Pow(jackknife.Sum(m => Math.Pow(centre - m, 2)), 1.5));
        var z0 = MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, means.Count(m => m < mean) / 999.0);
        var z = 1.959963984540054;
        var interval = BcaInterval.OfAny(values, 0.95, 9, 999);

        interval.Low.ShouldBe(At(z0 + (z0 - z) / (1 - a * (z0 - z))), 1e-9);
        interval.High.ShouldBe(At(z0 + (z0 + z) / (1 - a * (z0 + z))), 1e-9);

        double At(double quantile)
        {
            var place = 1000 * MathNet.Numerics.Distributions.Normal.CDF(0, 1, quantile) - 1;
            var below = (int)Math.Floor(place);
            return means[below] + (place - below) * (means[below + 1] - means[below]);
        }
    }

    [Fact]
    public void A_long_right_tail_pulls_the_interval_to_the_right()
    {
        var interval = BcaInterval.Interval(Values(60, 1), 0.95, 1);

        (interval.High - interval.Mean).ShouldBeGreaterThan(interval.Mean - interval.Low);
    }

    [Fact]
    public void With_many_replicates_it_is_near_Students()
    {
        var values = Values(2000, 2);
        var (bca, student) = (BcaInterval.Interval(values, 0.95, 1), StudentT.Interval(values, 0.95));

        bca.Low.ShouldBe(student.Low, 0.004);
        bca.High.ShouldBe(student.High, 0.004);
        bca.Mean.ShouldBe(student.Mean);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits()
    {
        var values = Values(50, 3);

        BcaInterval.Interval(values, 0.95, 7).ShouldBe(BcaInterval.Interval(values, 0.95, 7));
        BcaInterval.Interval(values, 0.95, 7).ShouldNotBe(BcaInterval.Interval(values, 0.95, 8));
    }

    [Fact]
    public void It_follows_a_change_of_unit()
    {
        var values = Values(50, 3);
        var (there, scaled) = (BcaInterval.Interval(values, 0.9, 1), BcaInterval.Interval([.. values.Select(v => 4 * v + 8)], 0.9, 1));

        scaled.Low.ShouldBe(4 * there.Low + 8, 1e-9);
        scaled.High.ShouldBe(4 * there.High + 8, 1e-9);
    }

    [Fact]
    public void Below_the_least_number_of_replicates_there_are_no_bounds()
    {
        var few = Values(BcaInterval.LeastReplicates - 1, 1);
        var interval = BcaInterval.Interval(few, 0.95, 0);

        interval.ShouldBe(new Interval(Mean.Of(few), double.NaN, double.NaN, few.Length));
        BcaInterval.Interval(Values(BcaInterval.LeastReplicates, 1), 0.95, 0).Low.ShouldNotBe(double.NaN);
    }

    [Fact]
    public void A_value_that_is_undefined_makes_the_interval_undefined() =>
        BcaInterval.Interval([double.NaN, .. Values(100, 1)], 0.95, 0).ShouldBe(new Interval(double.NaN, double.NaN, double.NaN, 101));

    [Fact]
    public void Equal_values_have_an_interval_of_no_width()
    {
        var mean = Mean.Of([.. Enumerable.Repeat(0.1, 70)]);

        BcaInterval.Interval([.. Enumerable.Repeat(0.1, 70)], 0.95, 0).ShouldBe(new Interval(mean, mean, mean, 70));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void A_level_outside_0_and_1_is_refused(double level) =>
        Should.Throw<ArgumentOutOfRangeException>(() => BcaInterval.Interval([1, 2], level, 0));
}
