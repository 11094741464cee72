using AiMe.Metrics.Statistics;
using FsCheck.Fluent;

namespace AiMe.Metrics.Tests;

public sealed class PageTrendTests
{
    /// <summary>Critical values of Page (1963), table 2: the least L of which the one-sided p is at most alpha.</summary>
    [Theory]
    [InlineData(3, 2, 0.05, 28)]
    [InlineData(3, 3, 0.05, 41)]
    [InlineData(3, 3, 0.01, 42)]
    [InlineData(3, 5, 0.05, 66)]
    [InlineData(3, 5, 0.001, 70)]
    [InlineData(3, 8, 0.05, 104)]
    [InlineData(3, 8, 0.01, 106)]
    [InlineData(3, 8, 0.001, 109)]
    [InlineData(3, 10, 0.05, 128)]
    [InlineData(4, 2, 0.05, 58)]
    [InlineData(4, 2, 0.01, 60)]
    [InlineData(4, 3, 0.05, 84)]
    [InlineData(4, 3, 0.001, 89)]
    [InlineData(4, 6, 0.001, 172)]
    [InlineData(4, 8, 0.05, 214)]
    [InlineData(4, 8, 0.01, 220)]
    [InlineData(4, 8, 0.001, 225)]
    [InlineData(5, 2, 0.05, 103)]
    [InlineData(5, 5, 0.05, 244)]
    [InlineData(5, 8, 0.05, 384)]
    [InlineData(6, 2, 0.05, 166)]
    [InlineData(6, 4, 0.05, 321)]
    public void The_critical_value_is_Pages(int conditions, int blocks, double alpha, int critical)
    {
        var free = PageNull.WithoutTies(blocks, conditions);
        var deviation = 2 * critical - PageTrend.ExpectedDoubledL(blocks, conditions);

        free.P(deviation, Direction.Greater).ShouldBeLessThanOrEqualTo(alpha);
        free.P(deviation - 2, Direction.Greater).ShouldBeGreaterThan(alpha);
    }

    /// <summary>Three blocks of three without ties: of 216 orders 1 gives L = 42, and 6 give 41.</summary>
    [Fact]
    public void A_small_table_is_counted_by_hand()
    {
        var result = PageTrend.Test(
            [
                [1, 2, 3],
                [4, 5, 6],
                [7, 9, 8],
            ],
            Direction.Greater,
            seed: 0
        );

        result.L.ShouldBe(41);
        result.ExpectedL.ShouldBe(36);
        result.P.ShouldBe(7 / 216.0, 1e-15);
        result.SmallestPossibleP.ShouldBe(1 / 216.0, 1e-15);
        (result.Blocks, result.Conditions).ShouldBe((3, 3));
    }

    [Theory]
    [InlineData(3, 4)]
    [InlineData(4, 2)]
    public void It_is_the_count_of_all_orders_whatever_the_ties(int conditions, int most) =>
        Draw.Hold(Blocks(1, most, conditions), blocks =>
            Enum.GetValues<Direction>().All(d => Math.Abs(PageTrend.Test(blocks, d, 0).P - ByCounting(blocks, d)) < 1e-12)
        );

    [Fact]
    public void Turned_around_it_looks_the_other_way() => Draw.Hold(Blocks(1, 6, 5), blocks =>
        {
            double[][] turned = [.. blocks.Select(b => b.Reverse().ToArray())];
            return Math.Abs(PageTrend.Test(blocks, Direction.Greater, 0).P - PageTrend.Test(turned, Direction.Less, 0).P) < 1e-12
                && Math.Abs(PageTrend.Test(blocks, Direction.Either, 0).P - PageTrend.Test(turned, Direction.Either, 0).P) < 1e-12;
        });

    [Fact]
    public void Only_the_ranks_within_blocks_matter() =>
        Draw.Hold(Blocks(1, 6, 5), blocks =>
            PageTrend.Test(blocks, Direction.Either, 0)
            == PageTrend.Test([.. blocks.Select((b, i) => b.Select(v => Math.Exp(v) + 100 * i).ToArray())], Direction.Either, 0)
        );

    [Fact]
    public void The_p_lies_between_the_smallest_possible_and_1() => Draw.Hold(Blocks(1, 6, 5), blocks =>
        {
            var result = PageTrend.Test(blocks, Direction.Either, 0);
            return result.P <= 1 && result.P >= result.SmallestPossibleP * (1 - 1e-12);
        });

    [Fact]
    public void Blocks_in_order_reach_the_smallest_possible_p()
    {
        double[][] inOrder = [.. Enumerable.Repeat(new double[] { 1, 2, 3, 4 }, 5)];
        foreach (var direction in new[] { Direction.Either, Direction.Greater })
            PageTrend
                .Test(inOrder, direction, 0)
                .P.ShouldBe(PageTrend.SmallestPossibleP(5, 4, direction), 1e-15 * PageTrend.SmallestPossibleP(5, 4, direction));
        PageTrend.Test(inOrder, Direction.Less, 0).P.ShouldBe(1, 1e-12);
    }

    [Fact]
    public void Ties_raise_the_smallest_possible_p()
    {
        var result = PageTrend.Test(
            [
                [1, 1, 2],
                [1, 2, 3],
            ],
            Direction.Greater,
            0
        );

        result.L.ShouldBe(1.5 + 3 + 9 + 14);
        result.P.ShouldBe(2 / 36.0, 1e-15);
        result.SmallestPossibleP.ShouldBe(2 / 36.0, 1e-15);
    }

    [Fact]
    public void Blocks_of_equal_values_say_nothing()
    {
        foreach (var direction in Enum.GetValues<Direction>())
            PageTrend
                .Test(
                    [
                        [2, 2, 2],
                        [0, 0, 0],
                    ],
                    direction,
                    0
                )
                .ShouldBe(new PageTrendResult(24, 24, 2, 3, 1, 1));
    }

    [Fact]
    public void A_block_with_something_undefined_is_left_out() =>
        PageTrend
            .Test(
                [
                    [1, 2, 3],
                    [3, double.NaN, 1],
                    [2, 3, 1],
                ],
                Direction.Greater,
                0
            )
            .ShouldBe(
                PageTrend.Test(
                    [
                        [1, 2, 3],
                        [2, 3, 1],
                    ],
                    Direction.Greater,
                    0
                )
            );

    [Fact]
    public void Without_a_block_all_is_undefined()
    {
        PageTrend.Test([], Direction.Either, 0).P.ShouldBe(double.NaN);
        PageTrend
            .Test(
                [
                    [1, double.NaN],
                ],
                Direction.Either,
                0
            )
            .ShouldBe(new PageTrendResult(double.NaN, double.NaN, 0, 2, double.NaN, double.NaN));
        PageTrend.SmallestPossibleP(0, 3, Direction.Either).ShouldBe(double.NaN);
        PageTrend.AttainableSize(0, 3, 0.05, Direction.Either).ShouldBe(double.NaN);
    }

    [Fact]
    public void Blocks_of_unequal_or_too_little_length_are_refused()
    {
        Should
            .Throw<ArgumentException>(() =>
                PageTrend.Test(
                    [
                        [1, 2],
                        [1, 2, 3],
                    ],
                    Direction.Either,
                    0
                )
            )
            .Message.ShouldContain("3 conditions");
        Should.Throw<ArgumentException>(() =>
            PageTrend.Test(
                [
                    [1],
                ],
                Direction.Either,
                0
            )
        );
        Should.Throw<ArgumentOutOfRangeException>(() => PageTrend.SmallestPossibleP(3, 1, Direction.Either));
        Should.Throw<ArgumentOutOfRangeException>(() => PageTrend.AttainableSize(-1, 3, 0.05, Direction.Either));
    }

    [Theory]
    [InlineData(1, 3, Direction.Greater, 1 / 6.0)]
    [InlineData(2, 3, Direction.Either, 2 / 36.0)]
    [InlineData(1, 2, Direction.Either, 1)]
    [InlineData(8, 4, Direction.Less, 9.084e-12)]
    [InlineData(8, 12, Direction.Either, 1e-5)]
    [InlineData(101, 3, Direction.Either, 1e-5)]
    public void The_smallest_possible_p_by_size(int blocks, int conditions, Direction direction, double p) =>
        PageTrend.SmallestPossibleP(blocks, conditions, direction).ShouldBe(p, 1e-4 * p);

    /// <summary>Two blocks of three: 36 orders, of which 1 gives L = 28, 4 give 27 and 4 + 4 less.</summary>
    [Theory]
    [InlineData(0.02, Direction.Greater, 0)]
    [InlineData(0.05, Direction.Greater, 1 / 36.0)]
    [InlineData(0.05, Direction.Less, 1 / 36.0)]
    [InlineData(0.05, Direction.Either, 0)]
    [InlineData(0.06, Direction.Either, 2 / 36.0)]
    [InlineData(0.2, Direction.Greater, 5 / 36.0)]
    public void The_attainable_size_is_the_largest_possible_p_up_to_alpha(double alpha, Direction direction, double size) =>
        PageTrend.AttainableSize(2, 3, alpha, direction).ShouldBe(size, 1e-15);

    [Fact]
    public void Under_the_null_it_rejects_as_often_as_its_attainable_size()
    {
        var random = new Random(5);
        var rejected = 0;
        for (var i = 0; i < 4000; i++)
        {
            double[][] blocks = [.. Enumerable.Range(0, 6).Select(_ => Enumerable.Range(0, 4).Select(_ => Draw.Normal(random)).ToArray())];
            if (PageTrend.Test(blocks, Direction.Greater, 0).P <= 0.05)
                rejected++;
        }

        (rejected / 4000.0).ShouldBe(PageTrend.AttainableSize(6, 4, 0.05, Direction.Greater), 0.012, "seed 5");
    }

    [Fact]
    public void The_blocks_own_trends_add_up_to_the_whole() => Draw.Hold(Blocks(1, 6, 5), blocks =>
        {
            var result = PageTrend.Test(blocks, Direction.Either, 0);
            var deviations = PageTrend.Deviations(blocks);
            return Math.Abs(deviations.Sum() - (result.L - result.ExpectedL)) < 1e-9 && deviations.All(d => Math.Abs(d) <= 5 * 24 / 12.0);
        });

    [Fact]
    public void A_blocks_own_trend_is_greatest_in_order_and_0_without_one()
    {
        PageTrend
            .Deviations([
                [1, 2, 3],
                [3, 2, 1],
                [1, 1, 1],
                [1, double.NaN, 1],
                [2, 9, 2],
            ])
            .ShouldBe([2, -2, 0, 0]);
        PageTrend.Deviations([]).ShouldBeEmpty();
    }

    /// <summary>Generations that build on one another wander without a trend: only the test over blocks keeps its level.</summary>
    [Fact]
    public void Of_random_walks_Page_rejects_too_many_and_the_sign_flip_of_blocks_does_not()
    {
        var random = new Random(23);
        var (page, flipped) = (0, 0);
        for (var i = 0; i < 1000; i++)
        {
            double[][] blocks = [.. Enumerable.Range(0, 8).Select(_ => Walk())];
            page += PageTrend.Test(blocks, Direction.Either, 0).P <= 0.05 ? 1 : 0;
            flipped += SignFlip.PValue(PageTrend.Deviations(blocks), 0) <= 0.05 ? 1 : 0;
        }

        (page / 1000.0).ShouldBeGreaterThan(0.15, "seed 23");
        (flipped / 1000.0).ShouldBeLessThan(0.065, "seed 23");

        double[] Walk()
        {
            var at = 0.0;
            return [.. Enumerable.Range(0, 5).Select(_ => at += Draw.Normal(random))];
        }
    }

    [Fact]
    public void Drawn_orders_come_near_the_exact_count()
    {
        // 11 conditions are beyond the exact sizes; with 30 blocks L is nearly normal.
        var random = new Random(3);
        double[][] blocks =
        [
            .. Enumerable.Range(0, 30).Select(_ => Enumerable.Range(0, 11).Select(j => 0.02 * j + Draw.Normal(random)).ToArray()),
        ];
        var result = PageTrend.Test(blocks, Direction.Greater, seed: 1);
        var variance = 30 * 11 * 11 * 12 * 12 * 10 * 1.0 / 144; // n k^2 (k + 1)^2 (k - 1) / 144
        var normal = 1 - MathNet.Numerics.Distributions.Normal.CDF(0, Math.Sqrt(variance), result.L - 0.5 - result.ExpectedL);

        result.P.ShouldBe(normal, 0.004);
        result.SmallestPossibleP.ShouldBe(1e-5);
        PageTrend.Test(blocks, Direction.Greater, seed: 1).ShouldBe(result);
        PageTrend.Test(blocks, Direction.Greater, seed: 2).P.ShouldNotBe(result.P);
    }

    private static FsCheck.Gen<double[][]> Blocks(int fewest, int most, int conditions) =>
        Draw.Lists(Gen.ArrayOf(Gen.Choose(0, 5).Select(i => (double)i), conditions), fewest, most);

    private static double ByCounting(double[][] blocks, Direction direction)
    {
        var ranks = blocks.Select(PageTrend.DoubledRanks).ToArray();
        var expected = PageTrend.ExpectedDoubledL(blocks.Length, blocks[0].Length);
        var seen = direction.Size(ranks.Sum(L) - expected);
        IEnumerable<int> sums = [0];
        foreach (var block in ranks)
            sums = sums.SelectMany(_ => Orders(block), (sum, order) => sum + L(order)).ToArray();
        return sums.Average(s => direction.Size(s - expected) >= seen ? 1.0 : 0.0);

        static int L(int[] row) => row.Select((r, j) => (j + 1) * r).Sum();
    }

    private static IEnumerable<int[]> Orders(int[] items) =>
        items.Length <= 1
            ? [items]
            : items.SelectMany((item, i) => Orders([.. items[..i], .. items[(i + 1)..]]).Select(rest => (int[])[item, .. rest]));
}
