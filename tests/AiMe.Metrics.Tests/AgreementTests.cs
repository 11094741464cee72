using AiMe.Metrics.Statistics;

namespace AiMe.Metrics.Tests;

/// <summary>Krippendorff's alpha and the exact binomial interval, by published examples.</summary>
public sealed class AgreementTests
{
    private const double Missing = double.NaN;

    // Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", section C: four observers, twelve units.
    private static readonly double[][] Observers =
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, Missing, Missing, Missing],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, Missing, 3],
        [Missing, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, Missing],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, Missing],
    ];

    [Theory]
    [InlineData(MeasurementLevel.Nominal, 0.743)]
    [InlineData(MeasurementLevel.Ordinal, 0.815)]
    [InlineData(MeasurementLevel.Interval, 0.849)]
    public void The_example_with_missing_ratings_has_its_published_alphas(MeasurementLevel level, double published)
    {
        var agreement = Of(level, Observers);
        agreement.Alpha.ShouldBe(published, 0.0005);
        (agreement.Units, agreement.Ratings).ShouldBe((11, 40), "the last unit has one rating and does not count");
        agreement.Low.ShouldBeLessThan(published);
        agreement.High.ShouldBeInRange(published, 1);
    }

    // Section A: two observers, binary ratings, no missing ones.
    [Fact]
    public void The_binary_example_has_its_published_alpha() =>
        Of(MeasurementLevel.Nominal, [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]).Alpha.ShouldBe(0.095, 0.0005);

    // Section B: two observers, nominal ratings a to e.
    [Fact]
    public void The_nominal_example_has_its_published_alpha() =>
        Of(MeasurementLevel.Nominal, [1, 1, 2, 2, 4, 3, 3, 3, 5, 4, 4, 1], [2, 1, 2, 2, 2, 3, 3, 3, 5, 4, 4, 4])
            .Alpha.ShouldBe(0.692, 0.0005);

    [Fact]
    public void Raters_who_always_agree_have_one()
    {
        var agreement = Of(MeasurementLevel.Ordinal, [1, 2, 3, 1, 2, 3], [1, 2, 3, 1, 2, 3]);
        (agreement.Alpha, agreement.Low, agreement.High).ShouldBe((1, 1, 1));
    }

    [Fact]
    public void Raters_who_always_disagree_are_below_chance() =>
        Of(MeasurementLevel.Nominal, [0, 1, 0, 1], [1, 0, 1, 0]).Alpha.ShouldBeLessThan(0);

    [Theory]
    [InlineData(new double[] { 1, 2, 3 }, new[] { Missing, Missing, Missing }, "no unit has two ratings")]
    [InlineData(new double[] { 2, 2, 2 }, new double[] { 2, 2, 2 }, "all ratings are equal, so nothing could disagree")]
    public void Without_pairs_or_variation_it_is_undefined_and_says_why(double[] first, double[] second, string why)
    {
        var agreement = Of(MeasurementLevel.Interval, first, second);
        (double.IsNaN(agreement.Alpha), double.IsNaN(agreement.Low), agreement.Why).ShouldBe((true, true, why));
    }

    [Fact]
    public void The_order_of_raters_and_equal_spacing_mean_nothing_but_to_interval_ratings()
    {
        Of(MeasurementLevel.Ordinal, Observers).Alpha.ShouldBe(Of(MeasurementLevel.Ordinal, [.. Observers.Reverse()]).Alpha, 1e-12);
        double[][] squares = [.. Observers.Select(o => o.Select(v => v * v).ToArray())];
        Of(MeasurementLevel.Ordinal, squares).Alpha.ShouldBe(Of(MeasurementLevel.Ordinal, Observers).Alpha, 1e-12);
        Of(MeasurementLevel.Interval, squares).Alpha.ShouldNotBe(Of(MeasurementLevel.Interval, Observers).Alpha);
    }

    [Fact]
    public void The_interval_depends_on_the_seed_alone_and_needs_five_units()
    {
        Of(MeasurementLevel.Nominal, Observers).ShouldBe(Of(MeasurementLevel.Nominal, Observers));
        double.IsNaN(Of(MeasurementLevel.Nominal, [0, 1, 0, 1], [0, 1, 1, 1]).Low).ShouldBeTrue();
    }

    // Clopper and Pearson's limits for 95%, as R's binom.test gives them.
    [Theory]
    [InlineData(0, 10, 0, 0.3084971)]
    [InlineData(3, 10, 0.06673951, 0.6524529)]
    [InlineData(7, 10, 0.3475471, 0.9332605)]
    [InlineData(10, 10, 0.6915029, 1)]
    [InlineData(50, 100, 0.3983211, 0.6016789)]
    public void An_exact_interval_has_the_limits_of_clopper_and_pearson(int successes, int trials, double low, double high)
    {
        var interval = ExactBinomial.Interval(successes, trials, 0.95);
        interval.Mean.ShouldBe((double)successes / trials);
        interval.Low.ShouldBe(low, 1e-6);
        interval.High.ShouldBe(high, 1e-6);
    }

    [Fact]
    public void Without_trials_a_share_is_undefined() => double.IsNaN(ExactBinomial.Interval(0, 0, 0.95).Mean).ShouldBeTrue();

    // Ratings by rater, turned into ratings by unit.
    private static Agreement Of(MeasurementLevel level, params double[][] raters) =>
        KrippendorffAlpha.Of([.. Enumerable.Range(0, raters[0].Length).Select(u => raters.Select(r => r[u]).ToArray())], level, 0.95, 7);
}
