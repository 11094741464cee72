using AiMe.Metrics.Statistics;

namespace AiMe.Metrics.Tests;

public sealed class VarianceComponentsTests
{
    [Fact]
    public void Groups_that_differ_have_a_part_between_them()
    {
        // MSB = 2 x ((1 - 3)^2 + (5 - 3)^2) / 1 = 16, MSW = 2; (16 - 2) / 2 = 7.
        var parts = VarianceComponents.Of([
            [0, 2],
            [4, 6],
        ]);
        parts.Between.ShouldBe(Math.Sqrt(7), 1e-12);
        parts.Within.ShouldBe(Math.Sqrt(2), 1e-12);
    }

    [Fact]
    public void Groups_of_different_sizes_count_by_their_sizes()
    {
        // Mean 3; MSB = 3 x 1 + 1 x 9 = 12 over 1, MSW = 8 / 2 = 4; n0 = (4 - 10 / 4) / 1 = 1.5; (12 - 4) / 1.5.
        var parts = VarianceComponents.Of([
            [0, 2, 4],
            [6],
        ]);
        parts.Between.ShouldBe(Math.Sqrt(8 / 1.5), 1e-12);
        parts.Within.ShouldBe(2, 1e-12);
    }

    [Fact]
    public void Means_that_scatter_no_more_than_chance_have_no_part_between_them() =>
        VarianceComponents
            .Of([
                [0, 4],
                [1, 3],
            ])
            .Between.ShouldBe(0);

    [Fact]
    public void Without_a_second_value_nothing_is_told_apart()
    {
        var single = VarianceComponents.Of([
            [1],
            [2],
        ]);
        (double.IsNaN(single.Between), double.IsNaN(single.Within)).ShouldBe((true, true));
        var one = VarianceComponents.Of([
            [1, 3],
            [],
        ]);
        (double.IsNaN(one.Between), one.Within).ShouldBe((true, Math.Sqrt(2)));
    }
}
