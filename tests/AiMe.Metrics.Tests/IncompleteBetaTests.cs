using AiMe.Metrics.Statistics;

namespace AiMe.Metrics.Tests;

public sealed class IncompleteBetaTests
{
    [Theory]
    [InlineData(1, 1, 0.3, 0.3)]
    [InlineData(2, 3, 0.4, 0.5248)] // P(Binomial(4, .4) >= 2)
    [InlineData(2, 3, 0.9, 0.9963)]
    [InlineData(0.5, 0.5, 0.25, 1.0 / 3)] // 2 asin(sqrt x) / pi
    [InlineData(5, 1, 0.5, 0.03125)]
    public void It_has_the_closed_form(double a, double b, double x, double expected) =>
        IncompleteBeta.Regularised(a, b, x, 1 - x).ShouldBe(expected, 1e-14);

    [Fact]
    public void It_is_0_and_1_at_its_ends()
    {
        IncompleteBeta.Regularised(2, 3, 0, 1).ShouldBe(0);
        IncompleteBeta.Regularised(2, 3, 1, 0).ShouldBe(1);
        IncompleteBeta.Regularised(2, 3, double.NaN, 1).ShouldBe(double.NaN);
    }

    [Theory]
    [InlineData(0.5, 0.57236494292470008707)]
    [InlineData(10, 12.801827480081469611)]
    [InlineData(100, 359.13420536957539878)]
    public void The_log_gamma_function_has_the_tabled_value(double x, double expected) =>
        IncompleteBeta.LogGamma(x).ShouldBe(expected, 2e-15 * Math.Max(1, expected));

    [Fact]
    public void The_beta_function_of_whole_numbers_is_a_fraction() => IncompleteBeta.LogBeta(3, 4).ShouldBe(-Math.Log(60), 1e-14);
}
