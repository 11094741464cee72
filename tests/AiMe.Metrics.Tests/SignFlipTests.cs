using AiMe.Metrics.Statistics;

namespace AiMe.Metrics.Tests;

public sealed class SignFlipTests
{
    /// <summary>Darwin's maize, eighths of an inch; Fisher (1935) counted 835 sums above 314 and 28 equal to it.</summary>
    private static readonly double[] Darwin = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];

    [Fact]
    public void It_gives_Fishers_count_for_Darwins_maize() => SignFlip.PValue(Darwin, seed: 0).ShouldBe(2 * (835 + 28) / 32768.0);

    [Fact]
    public void Sums_that_differ_by_rounding_alone_count_as_equal() =>
        SignFlip.PValue([.. Darwin.Select(d => d / 10)], seed: 0).ShouldBe(2 * (835 + 28) / 32768.0);

    [Fact]
    public void Signs_all_alike_give_the_smallest_possible_p()
    {
        for (var n = 1; n <= 12; n++)
            SignFlip.PValue([.. Enumerable.Range(1, n).Select(i => (double)i)], seed: 0).ShouldBe(SignFlip.SmallestPossibleP(n));
    }

    [Theory]
    [InlineData(0, double.NaN)]
    [InlineData(1, 1.0)]
    [InlineData(3, 0.25)]
    [InlineData(5, 0.0625)]
    [InlineData(20, 2.0 / 1048576)]
    [InlineData(21, 1e-5)]
    public void The_smallest_possible_p_by_pairs(int pairs, double expected) => SignFlip.SmallestPossibleP(pairs).ShouldBe(expected);

    [Theory]
    [InlineData(Direction.Either, 2 / 16.0)]
    [InlineData(Direction.Less, 1 / 16.0)]
    public void A_difference_of_0_doubles_the_smallest_possible_p(Direction direction, double expected)
    {
        double[] tied = [1, -2, 0, 3, -4, 0];
        SignFlip.SmallestPossibleP(tied, direction).ShouldBe(expected);
        SignFlip.PValue([.. tied.Select(d => -Math.Abs(d))], seed: 0, direction).ShouldBe(expected);
    }

    [Fact]
    public void The_smallest_possible_p_of_ties_alone_is_1_and_of_nothing_undefined()
    {
        SignFlip.SmallestPossibleP([0, 0, 0], Direction.Greater).ShouldBe(1);
        SignFlip.SmallestPossibleP([], Direction.Greater).ShouldBe(double.NaN);
        SignFlip.SmallestPossibleP([1, double.NaN], Direction.Greater).ShouldBe(double.NaN);
    }

    [Fact]
    public void A_negative_number_of_pairs_is_refused() => Should.Throw<ArgumentOutOfRangeException>(() => SignFlip.SmallestPossibleP(-1));

    [Fact]
    public void The_p_of_nothing_is_undefined() => SignFlip.PValue([], seed: 0).ShouldBe(double.NaN);

    [Fact]
    public void The_p_of_something_undefined_is_undefined()
    {
        SignFlip.PValue([1, double.NaN], seed: 0).ShouldBe(double.NaN);
        SignFlip.PValue([1, double.PositiveInfinity], seed: 0).ShouldBe(double.NaN);
    }

    [Fact]
    public void No_difference_at_all_gives_1() => SignFlip.PValue([0, 0, 0], seed: 0).ShouldBe(1);

    [Fact]
    public void Turning_all_signs_changes_nothing() =>
        Draw.Hold(Draw.Numbers(1, 10), d => SignFlip.PValue(d, 0).Equals(SignFlip.PValue([.. d.Select(x => -x)], 0)));

    [Fact]
    public void The_p_lies_between_the_smallest_possible_and_1() =>
        Draw.Hold(Draw.Numbers(1, 10), d => SignFlip.PValue(d, 0) <= 1 && SignFlip.PValue(d, 0) >= SignFlip.SmallestPossibleP(d.Length));

    [Fact]
    public void Under_the_null_p_is_uniform_up_to_its_steps()
    {
        var random = new Random(11);
        var ps = Enumerable
            .Range(0, 4000)
            .Select(_ => SignFlip.PValue([.. Enumerable.Range(0, 7).Select(_ => Draw.Normal(random))], 0))
            .ToArray();
        foreach (var level in new[] { 0.05, 0.1, 0.25, 0.5, 0.8 })
        {
            var expected = Math.Floor(level * 64) / 64; // p comes in steps of 2 / 2^7
            ((double)ps.Count(p => p <= level) / ps.Length).ShouldBe(expected, 0.025, "seed 11");
        }
    }

    [Fact]
    public void Drawn_signs_come_near_the_exact_count()
    {
        // 21 pairs of which 6 are 0 have the p of the 15 that are not.
        double[] padded = [.. Darwin, 0, 0, 0, 0, 0, 0];
        SignFlip.PValue(padded, seed: 42).ShouldBe(2 * (835 + 28) / 32768.0, 0.003);
    }

    [Fact]
    public void Drawn_signs_follow_the_seed_alone()
    {
        double[] long_ = [.. Enumerable.Range(0, 70).Select(i => Math.Sin(i) + 0.1)];
        SignFlip.PValue(long_, seed: 1).ShouldBe(SignFlip.PValue(long_, seed: 1));
        SignFlip.PValue(long_, seed: 1).ShouldNotBe(SignFlip.PValue(long_, seed: 2));
    }

    [Fact]
    public void Drawn_signs_never_give_a_p_of_0() =>
        SignFlip.PValue([.. Enumerable.Repeat(1.0, 80)], seed: 3).ShouldBe(SignFlip.SmallestPossibleP(80));

    [Theory]
    [InlineData(new double[] { 1, 2, 4 }, Direction.Greater, 0.125)]
    [InlineData(new double[] { 1, 2, 4 }, Direction.Less, 1)]
    [InlineData(new double[] { -1, -2, -4 }, Direction.Less, 0.125)]
    [InlineData(new double[] { -1, 2, 4 }, Direction.Greater, 0.25)] // sums 7 and 5
    [InlineData(new double[] { 1, -1 }, Direction.Greater, 0.75)] // the sum 0 is reached by 2, 0 and 0
    [InlineData(new double[] { 0, 0 }, Direction.Less, 1)]
    public void A_declared_direction_counts_one_tail(double[] differences, Direction direction, double p) =>
        SignFlip.PValue(differences, 0, direction).ShouldBe(p);

    [Fact]
    public void Fishers_one_sided_p_is_half_of_the_two_sided() =>
        SignFlip.PValue(Darwin, 0, Direction.Greater).ShouldBe((835 + 28) / 32768.0);

    [Fact]
    public void The_tails_share_the_ties_alone() => Draw.Hold(Draw.Numbers(1, 8), d =>
        {
            var tie = Enumerable.Range(0, 1 << d.Length).Count(s => Math.Abs(Flipped(d, s) - d.Sum()) < 1e-9) / (double)(1 << d.Length);
            var both = SignFlip.PValue(d, 0, Direction.Greater) + SignFlip.PValue(d, 0, Direction.Less);
            return Math.Abs(both - 1 - tie) < 1e-12;
        });

    [Fact]
    public void Less_is_greater_of_the_turned_differences() =>
        Draw.Hold(Draw.Numbers(1, 10), d =>
            Math.Abs(SignFlip.PValue(d, 5, Direction.Less) - SignFlip.PValue([.. d.Select(x => -x)], 5, Direction.Greater)) < 1e-12
        );

    /// <summary>Values of the version before directions existed, to the last bit.</summary>
    [Fact]
    public void The_two_sided_p_is_what_it_was()
    {
        double[] long_ = [.. Enumerable.Range(0, 70).Select(i => Math.Round(Math.Sin(i), 3) + 0.1)];
        SignFlip.PValue(long_, seed: 1).ShouldBe(0.24399);
        SignFlip.PValue([0.3, -0.1, 0.7, 0.25, -0.05, 0.4], seed: 1).ShouldBe(0.125);
    }

    [Theory]
    [InlineData(5, 0.05, Direction.Either, 0)]
    [InlineData(6, 0.05, Direction.Either, 1 / 32.0)]
    [InlineData(8, 0.05, Direction.Either, 6 / 128.0)]
    [InlineData(5, 0.05, Direction.Greater, 1 / 32.0)]
    [InlineData(5, 0.0625, Direction.Either, 0.0625)]
    [InlineData(8, 0.05, Direction.Less, 12 / 256.0)]
    [InlineData(30, 0.05, Direction.Either, 0.05)]
    [InlineData(0, 0.05, Direction.Either, double.NaN)]
    public void The_attainable_size_is_the_largest_step_up_to_alpha(int pairs, double alpha, Direction direction, double size) =>
        SignFlip.AttainableSize(pairs, alpha, direction).ShouldBe(size);

    [Fact]
    public void The_attainable_size_is_the_share_of_signs_that_reject()
    {
        // Powers of 2 have no equal sums.
        foreach (var direction in Enum.GetValues<Direction>())
        foreach (var alpha in new[] { 0.01, 0.05, 0.1, 0.3 })
        {
            var rejected = Enumerable
                .Range(0, 1 << 7)
                .Count(s =>
                    SignFlip.PValue([.. Enumerable.Range(0, 7).Select(i => (s >> i & 1) == 0 ? 1 << i : -(double)(1 << i))], 0, direction)
                    <= alpha
                );
            (rejected / 128.0).ShouldBe(SignFlip.AttainableSize(7, alpha, direction));
        }
    }

    [Theory]
    [InlineData(0.05, Direction.Either, 6)]
    [InlineData(0.05, Direction.Greater, 5)]
    [InlineData(0.005, Direction.Either, 9)]
    [InlineData(0.5, Direction.Less, 1)]
    [InlineData(1e-7, Direction.Either, null)]
    public void The_fewest_pairs_that_can_reach_alpha(double alpha, Direction direction, int? pairs) =>
        SignFlip.FewestPairs(alpha, direction).ShouldBe(pairs);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void A_level_that_is_none_is_refused(double alpha)
    {
        Should.Throw<ArgumentOutOfRangeException>(() => SignFlip.AttainableSize(8, alpha, Direction.Either));
        Should.Throw<ArgumentOutOfRangeException>(() => SignFlip.FewestPairs(alpha, Direction.Either));
    }

    private static double Flipped(double[] d, int signs) => d.Select((x, i) => (signs >> i & 1) == 0 ? x : -x).Sum();
}
