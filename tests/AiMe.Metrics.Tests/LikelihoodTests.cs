using AiMe.Metrics.Distributions;

namespace AiMe.Metrics.Tests;

/// <summary>Cross-entropy and percentile ranks.</summary>
public sealed class LikelihoodTests
{
    [Fact]
    public void A_uniform_guess_over_eight_tokens_has_perplexity_8()
    {
        var loss = new CrossEntropy(Nats: 5 * Math.Log(8), Tokens: 5);
        loss.PerToken.ShouldBe(Math.Log(8), 1e-15);
        loss.Perplexity.ShouldBe(8, 1e-14);
        loss.BitsPerByte(bytes: 10).ShouldBe(1.5, 1e-15);
    }

    [Fact]
    public void Sums_weigh_texts_by_their_tokens() => CrossEntropy.Sum([new(10, 1), new(10, 9)]).ShouldBe(new CrossEntropy(20, 10));

    [Fact]
    public void Over_no_tokens_the_mean_is_undefined()
    {
        var none = CrossEntropy.Sum([]);
        none.PerToken.ShouldBe(double.NaN);
        none.Perplexity.ShouldBe(double.NaN);
        none.BitsPerByte(0).ShouldBe(double.NaN);
    }

    [Fact]
    public void Something_undefined_makes_the_sum_undefined() =>
        (new CrossEntropy(1, 1) + new CrossEntropy(double.NaN, 1)).PerToken.ShouldBe(double.NaN);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0.1)]
    [InlineData(2, 0.4)]
    [InlineData(2.5, 0.6)]
    [InlineData(9, 1)]
    [InlineData(double.PositiveInfinity, 1)]
    [InlineData(double.NegativeInfinity, 0)]
    [InlineData(double.NaN, double.NaN)]
    public void The_rank_in_1_2_2_3_4(double value, double expected) => PercentileRank.Of(value, [1, 2, 2, 3, 4]).ShouldBe(expected);

    [Fact]
    public void A_rank_in_nothing_is_undefined() => PercentileRank.Of(1, []).ShouldBe(double.NaN);

    [Fact]
    public void A_sample_out_of_order_is_refused()
    {
        Should.Throw<ArgumentException>(() => PercentileRank.Of(1, [2, 1])).Message.ShouldContain("position 1");
        Should.Throw<ArgumentException>(() => PercentileRank.Of(1, [double.NaN]));
    }

    [Fact]
    public void The_ranks_of_a_sample_in_itself_average_to_one_half() => Draw.Hold(Draw.Numbers(1, 30), sample =>
        {
            var sorted = sample.Order().ToArray();
            return Math.Abs(sorted.Average(x => PercentileRank.Of(x, sorted)) - 0.5) < 1e-12;
        });
}
