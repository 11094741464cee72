using AiMe.Metrics.Statistics;
using FsCheck.Fluent;

namespace AiMe.Metrics.Tests;

/// <summary>Quantiles for whole degrees of freedom come from the finite sums of Abramowitz and Stegun 26.7.3-4, at 50 digits.</summary>
public sealed class StudentTTests
{
    [Theory]
    [InlineData(0.6, 1, 0.32491969623290634)]
    [InlineData(0.6, 2, 0.28867513459481287)]
    [InlineData(0.6, 3, 0.2766706623326899)]
    [InlineData(0.6, 4, 0.2707222947075974)]
    [InlineData(0.6, 5, 0.2671808657041451)]
    [InlineData(0.6, 7, 0.26316686135202283)]
    [InlineData(0.6, 9, 0.260955336473911)]
    [InlineData(0.6, 19, 0.2569228197961547)]
    [InlineData(0.6, 30, 0.2556053649519128)]
    [InlineData(0.6, 120, 0.25390952321492855)]
    [InlineData(0.6, 1001, 0.25341444848349837)]
    [InlineData(0.75, 1, 1.0)]
    [InlineData(0.75, 2, 0.816496580927726)]
    [InlineData(0.75, 3, 0.7648923284043453)]
    [InlineData(0.75, 4, 0.7406970841126826)]
    [InlineData(0.75, 5, 0.7266868438004227)]
    [InlineData(0.75, 7, 0.7111417780817864)]
    [InlineData(0.75, 9, 0.7027221467513264)]
    [InlineData(0.75, 19, 0.6876214602039603)]
    [InlineData(0.75, 30, 0.6827556933212926)]
    [InlineData(0.75, 120, 0.6765397249125202)]
    [InlineData(0.75, 1001, 0.6747349193584471)]
    [InlineData(0.9, 1, 3.0776835371752536)]
    [InlineData(0.9, 2, 1.8856180831641267)]
    [InlineData(0.9, 3, 1.6377443536962102)]
    [InlineData(0.9, 4, 1.5332062740589438)]
    [InlineData(0.9, 5, 1.475884048824481)]
    [InlineData(0.9, 7, 1.4149239276505086)]
    [InlineData(0.9, 9, 1.3830287383966322)]
    [InlineData(0.9, 19, 1.3277282090267983)]
    [InlineData(0.9, 30, 1.3104150253913955)]
    [InlineData(0.9, 120, 1.288646233656378)]
    [InlineData(0.9, 1001, 1.2823978745810511)]
    [InlineData(0.975, 1, 12.706204736174705)]
    [InlineData(0.975, 2, 4.302652729749464)]
    [InlineData(0.975, 3, 3.1824463052837095)]
    [InlineData(0.975, 4, 2.7764451051977943)]
    [InlineData(0.975, 5, 2.5705818356363155)]
    [InlineData(0.975, 7, 2.3646242515927853)]
    [InlineData(0.975, 9, 2.2621571627982053)]
    [InlineData(0.975, 19, 2.0930240544083096)]
    [InlineData(0.975, 30, 2.042272456301238)]
    [InlineData(0.975, 120, 1.979930405082441)]
    [InlineData(0.975, 1001, 1.96233670528088)]
    [InlineData(0.995, 1, 63.65674116287158)]
    [InlineData(0.995, 2, 9.924843200918293)]
    [InlineData(0.995, 3, 5.840909309733357)]
    [InlineData(0.995, 4, 4.604094871349993)]
    [InlineData(0.995, 5, 4.032142983555228)]
    [InlineData(0.995, 7, 3.499483297350494)]
    [InlineData(0.995, 9, 3.2498355415921263)]
    [InlineData(0.995, 19, 2.860934606464979)]
    [InlineData(0.995, 30, 2.7499956535672254)]
    [InlineData(0.995, 120, 2.617421145106866)]
    [InlineData(0.995, 1001, 2.580749768750525)]
    [InlineData(0.9995, 1, 636.6192487687197)]
    [InlineData(0.9995, 2, 31.59905457644362)]
    [InlineData(0.9995, 3, 12.923978636687483)]
    [InlineData(0.9995, 4, 8.610301581379275)]
    [InlineData(0.9995, 5, 6.86882662588111)]
    [InlineData(0.9995, 7, 5.407882520861725)]
    [InlineData(0.9995, 9, 4.780912585931139)]
    [InlineData(0.9995, 19, 3.883405852592083)]
    [InlineData(0.9995, 30, 3.645958635042022)]
    [InlineData(0.9995, 120, 3.3734537685625003)]
    [InlineData(0.9995, 1001, 3.300272876066009)]
    public void The_quantile_has_the_tabled_value(double p, double degrees, double expected)
    {
        StudentT.Quantile(p, degrees).ShouldBe(expected, 1e-8 * expected);
        StudentT.Quantile(1 - p, degrees).ShouldBe(-expected, 1e-8 * expected);
    }

    [Fact]
    public void Many_degrees_of_freedom_approach_the_normal_distribution() =>
        StudentT.Quantile(0.975, 1e6).ShouldBe(1.9599639845400545 + 2.3722712 / 1e6, 2e-8); // z + (z^3 + z) / (4 nu)

    /// <summary>Student's own sleep data (1908), as in the manual of R's t.test.</summary>
    [Fact]
    public void The_interval_is_that_of_Students_sleep_data()
    {
        double[] first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
        double[] second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
        var interval = PairedDifference.Interval(first, second, 0.95);
        interval.Mean.ShouldBe(-1.58, 1e-12);
        interval.Low.ShouldBe(-2.4598858, 5e-8);
        interval.High.ShouldBe(-0.7001142, 5e-8);
        interval.N.ShouldBe(10);
    }

    [Fact]
    public void The_interval_covers_what_it_promises_at_five_replicates()
    {
        var random = new Random(7);
        var covered = 0;
        for (var i = 0; i < 4000; i++)
        {
            var interval = StudentT.Interval([.. Enumerable.Range(0, 5).Select(_ => Draw.Normal(random))], 0.95);
            if (interval.Low <= 0 && interval.High >= 0)
                covered++;
        }

        (covered / 4000.0).ShouldBe(0.95, 0.012, "seed 7");
    }

    [Fact]
    public void The_interval_holds_its_mean() => Draw.Hold(Draw.Numbers(2, 20), values =>
        {
            var interval = StudentT.Interval(values, 0.9);
            return interval.Low <= interval.Mean && interval.Mean <= interval.High;
        });

    [Fact]
    public void A_higher_level_gives_a_wider_interval() =>
        Draw.Hold(Draw.Numbers(2, 20), values => StudentT.Interval(values, 0.99).Low <= StudentT.Interval(values, 0.9).Low);

    [Fact]
    public void Below_two_values_there_are_no_bounds()
    {
        StudentT.Interval([], 0.95).ShouldBe(new Interval(double.NaN, double.NaN, double.NaN, 0));
        StudentT.Interval([3], 0.95).ShouldBe(new Interval(3, double.NaN, double.NaN, 1));
    }

    [Fact]
    public void Equal_values_have_an_interval_of_no_width() => StudentT.Interval([2, 2, 2], 0.95).ShouldBe(new Interval(2, 2, 2, 3));

    [Fact]
    public void A_value_that_is_undefined_makes_the_interval_undefined() =>
        StudentT.Interval([1, double.NaN, 2], 0.95).ShouldBe(new Interval(double.NaN, double.NaN, double.NaN, 3));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(95)]
    [InlineData(double.NaN)]
    public void A_level_outside_0_and_1_is_refused(double level) =>
        Should.Throw<ArgumentOutOfRangeException>(() => StudentT.Interval([1, 2], level));

    [Fact]
    public void Unpaired_replicates_are_refused() =>
        Should.Throw<ArgumentException>(() => PairedDifference.Interval([1, 2], [1], 0.95)).Message.ShouldContain("2 and 1");
}
