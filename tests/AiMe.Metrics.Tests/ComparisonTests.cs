using AiMe.Metrics.Statistics;

namespace AiMe.Metrics.Tests;

/// <summary>Mean, Cliff's delta and Holm's correction.</summary>
public sealed class RunComparisonTests
{
    [Fact]
    public void The_mean_of_nothing_is_undefined() => Mean.Of([]).ShouldBe(double.NaN);

    [Fact]
    public void The_mean_of_one_value_is_it() => Mean.Of([7.5]).ShouldBe(7.5);

    [Fact]
    public void The_mean_of_something_undefined_is_undefined() => Mean.Of([1, double.NaN]).ShouldBe(double.NaN);

    [Fact]
    public void Cliffs_delta_counts_dominance() => CliffsDelta.Of([1, 2, 3], [2, 3, 4]).ShouldBe(-5.0 / 9, 1e-15);

    [Fact]
    public void Cliffs_delta_of_bodies_that_do_not_overlap_is_1() => CliffsDelta.Of([5, 6], [1, 2, 3]).ShouldBe(1);

    [Fact]
    public void Cliffs_delta_is_undefined_for_nothing_and_for_the_undefined()
    {
        CliffsDelta.Of([], [1]).ShouldBe(double.NaN);
        CliffsDelta.Of([1], []).ShouldBe(double.NaN);
        CliffsDelta.Of([1], [double.NaN]).ShouldBe(double.NaN);
        CliffsDelta.Of([double.NaN], [1]).ShouldBe(double.NaN);
    }

    [Fact]
    public void Cliffs_delta_turns_its_sign_with_the_sides() =>
        Draw.Hold(FsCheck.Fluent.Gen.Two(Draw.Numbers(1, 10)), x =>
            CliffsDelta.Of(x.Item1, x.Item2) == -CliffsDelta.Of(x.Item2, x.Item1) && Math.Abs(CliffsDelta.Of(x.Item1, x.Item2)) <= 1
        );

    [Fact]
    public void Holm_steps_down()
    {
        var adjusted = Holm.Adjust([0.01, 0.04, 0.03, 0.005]);
        double[] expected = [0.03, 0.06, 0.06, 0.02];
        for (var i = 0; i < expected.Length; i++)
            adjusted[i].ShouldBe(expected[i], 1e-15);
    }

    [Fact]
    public void Holm_counts_a_comparison_that_could_not_be_made() => Holm.Adjust([0.02, double.NaN, 0.5]).ShouldBe([0.06, double.NaN, 1]);

    [Fact]
    public void Holm_of_one_comparison_changes_nothing() => Holm.Adjust([0.04]).ShouldBe([0.04]);

    [Fact]
    public void Holm_of_no_family_is_empty() => Holm.Adjust([]).ShouldBeEmpty();

    [Theory]
    [InlineData(-0.01)]
    [InlineData(1.01)]
    public void Holm_refuses_what_is_no_probability(double p) => Should.Throw<ArgumentOutOfRangeException>(() => Holm.Adjust([0.5, p]));

    [Fact]
    public void Holm_keeps_the_order_of_the_p_values_and_never_lowers_one() => Draw.Hold(Draw.Lists(Draw.Unit, 1, 12), p =>
        {
            var adjusted = Holm.Adjust(p);
            return p.Zip(adjusted).All(x => x.Second >= x.First && x.Second <= 1)
                && p.Zip(adjusted).OrderBy(x => x.First).ThenBy(x => x.Second).Select(x => x.Second).SequenceEqual(adjusted.Order());
        });
}
