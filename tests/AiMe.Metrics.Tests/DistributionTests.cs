using AiMe.Metrics.Distributions;

namespace AiMe.Metrics.Tests;

public sealed class DistributionTests
{
    [Fact]
    public void Divergence_of_a_certainty_from_a_coin() => JensenShannon.Bits([1, 0], [0.5, 0.5]).ShouldBe(0.31127812445913283, 1e-15);

    [Fact]
    public void Disjoint_distributions_are_one_bit_apart()
    {
        JensenShannon.Bits([1, 0], [0, 1]).ShouldBe(1);
        JensenShannon.Bits([0.5, 0.5, 0, 0], [0, 0, 0.3, 0.7]).ShouldBe(1, 1e-15);
    }

    [Fact]
    public void The_series_and_the_logarithms_of_the_divergence_meet()
    {
        // d = |p - q| / (p + q) on either side of 0.1, where the formula changes.
        var below = JensenShannon.Bits([0.55 - 1e-9, 0.45 + 1e-9], [0.45 + 1e-9, 0.55 - 1e-9]);
        var above = JensenShannon.Bits([0.55 + 1e-9, 0.45 - 1e-9], [0.45 - 1e-9, 0.55 + 1e-9]);
        (above - below).ShouldBe(2e-9 * Math.Log2(0.55 / 0.45), 1e-15); // d grows by 4e-9; f'(d) = ln((1 + d) / (1 - d))
    }

    [Fact]
    public void A_divergence_too_small_for_entropies_is_still_above_0() =>
        JensenShannon.Bits([0.5 + 1e-12, 0.5 - 1e-12], [0.5, 0.5]).ShouldBe(0.5e-24 / Math.Log(2), 1e-27);

    [Fact]
    public void Divergence_is_symmetric_to_the_bit() =>
        Draw.Hold(Draw.DistributionPair, x => JensenShannon.Bits(x.P, x.Q).Equals(JensenShannon.Bits(x.Q, x.P)));

    [Fact]
    public void Divergence_lies_in_0_to_1() => Draw.Hold(Draw.DistributionPair, x => JensenShannon.Bits(x.P, x.Q) is >= 0 and <= 1);

    [Fact]
    public void Divergence_is_0_exactly_between_equals() =>
        Draw.Hold(Draw.DistributionPair, x => (JensenShannon.Bits(x.P, x.Q) == 0) == x.P.SequenceEqual(x.Q));

    [Fact]
    public void Divergence_is_the_entropy_of_the_mean_minus_the_mean_entropy() => Draw.Hold(Draw.DistributionPair, x =>
        {
            double[] mean = [.. x.P.Zip(x.Q, (p, q) => (p + q) / 2)];
            var byEntropies = Entropy.Bits(mean) - (Entropy.Bits(x.P) + Entropy.Bits(x.Q)) / 2;
            return Math.Abs(JensenShannon.Bits(x.P, x.Q) - byEntropies) < 1e-14;
        });

    public static TheoryData<double[], double[]> NotComparable =>
        new()
        {
            { [], [] },
            { [1], [0.5, 0.5] },
            { [0.5, 0.6], [0.5, 0.5] },
            { [0.5, 0.5], [0.5, 0.5 + 1e-8] },
            { [1.5, -0.5], [0.5, 0.5] },
            { [double.NaN, 1], [0.5, 0.5] },
            { [double.PositiveInfinity, 0], [0.5, 0.5] },
        };

    [Theory]
    [MemberData(nameof(NotComparable))]
    public void What_is_no_pair_of_distributions_is_refused(double[] p, double[] q)
    {
        Should.Throw<ArgumentException>(() => JensenShannon.Bits(p, q));
        Should.Throw<ArgumentException>(() => KullbackLeibler.Nats(p, q));
    }

    [Fact]
    public void Entropy_of_a_coin_and_two_of_them()
    {
        Entropy.Bits([0.5, 0.5]).ShouldBe(1);
        Entropy.Bits([0.5, 0.25, 0.25]).ShouldBe(1.5);
    }

    [Fact]
    public void Entropy_of_a_certainty_is_0() => Entropy.Bits([0, 1]).ShouldBe(0);

    [Fact]
    public void Entropy_of_nothing_is_refused() => Should.Throw<ArgumentException>(() => Entropy.Bits([]));

    [Fact]
    public void Entropy_is_at_most_that_of_equal_shares() =>
        Draw.Hold(Draw.DistributionPair, x => Entropy.Bits(x.P) >= 0 && Entropy.Bits(x.P) <= Math.Log2(x.P.Length) + 1e-12);

    [Fact]
    public void Relative_entropy_by_hand() => KullbackLeibler.Nats([0.5, 0.5], [0.25, 0.75]).ShouldBe(0.14384103622589046, 1e-15); // ln(4/3) / 2

    [Fact]
    public void Relative_entropy_is_infinite_where_the_impossible_happened() =>
        KullbackLeibler.Nats([0.5, 0.5], [1, 0]).ShouldBe(double.PositiveInfinity);

    [Fact]
    public void Relative_entropy_does_not_mind_what_never_happens() =>
        KullbackLeibler.Nats([1, 0], [0.5, 0.5]).ShouldBe(Math.Log(2), 1e-15);

    [Fact]
    public void Relative_entropy_is_never_negative_and_0_between_equals() =>
        Draw.Hold(Draw.DistributionPair, x => KullbackLeibler.Nats(x.P, x.Q) >= 0 && KullbackLeibler.Nats(x.P, x.P) == 0);

    [Fact]
    public void Softmax_of_logarithms_gives_the_shares()
    {
        var shares = SoftmaxDistribution.Of([Math.Log(1), Math.Log(2), Math.Log(3)]);
        for (var i = 0; i < 3; i++)
            shares[i].ShouldBe((i + 1) / 6.0, 1e-15);
    }

    [Fact]
    public void Softmax_does_not_overflow() => SoftmaxDistribution.Of([100_000, 100_000]).ShouldBe([0.5, 0.5]);

    [Fact]
    public void Softmax_gives_an_option_ruled_out_nothing() => SoftmaxDistribution.Of([0, double.NegativeInfinity]).ShouldBe([1, 0]);

    [Fact]
    public void Softmax_is_undefined_for_the_undefined()
    {
        SoftmaxDistribution.Of([0, double.NaN]).ShouldAllBe(x => double.IsNaN(x));
        SoftmaxDistribution.Of([0, double.PositiveInfinity]).ShouldAllBe(x => double.IsNaN(x));
        SoftmaxDistribution.Of([double.NegativeInfinity, double.NegativeInfinity]).ShouldAllBe(x => double.IsNaN(x));
    }

    [Fact]
    public void Softmax_of_nothing_is_refused() => Should.Throw<ArgumentException>(() => SoftmaxDistribution.Of([]));

    [Fact]
    public void Softmax_is_a_distribution() =>
        Draw.Hold(Draw.Numbers(1, 10), scores => Math.Abs(SoftmaxDistribution.Of(scores).Sum() - 1) < 1e-12);
}
