namespace AiMe.Nano.Tests;

public sealed unsafe class SamplerTests
{
    /// <summary>p = .4, .3, .2, .1 in a scrambled order.</summary>
    private static readonly float[] Logits = [.. ((double[])[0.2, 0.4, 0.1, 0.3]).Select(p => (float)Math.Log(p))];

    [Fact]
    public void Everything_is_drawn_in_proportion()
    {
        var shares = Shares(new SamplingOptions());
        shares[0].ShouldBe(0.2, 0.01);
        shares[1].ShouldBe(0.4, 0.01);
        shares[2].ShouldBe(0.1, 0.01);
        shares[3].ShouldBe(0.3, 0.01);
    }

    [Fact]
    public void Top_k_keeps_the_k_likeliest_in_proportion()
    {
        var shares = Shares(new SamplingOptions { TopK = 2 });
        shares.ShouldBe([0, 4.0 / 7, 0, 3.0 / 7], 0.01);
    }

    [Theory]
    [InlineData(0.39, 1)]
    [InlineData(0.5, 2)]
    [InlineData(0.69, 2)]
    [InlineData(0.75, 3)]
    [InlineData(0.95, 4)]
    public void Top_p_keeps_the_smallest_set_that_reaches_it(double topP, int size) =>
        Shares(new SamplingOptions { TopP = topP }).Count(s => s > 0).ShouldBe(size);

    [Fact]
    public void Top_p_counts_within_what_top_k_left()
    {
        Shares(new SamplingOptions { TopK = 2, TopP = 0.57 }).Count(s => s > 0).ShouldBe(1); // 4/7 = .5714
        Shares(new SamplingOptions { TopK = 2, TopP = 0.58 }).Count(s => s > 0).ShouldBe(2);
    }

    [Fact]
    public void Ties_go_to_the_lowest_id()
    {
        var rng = new Rng(1);
        var flat = new float[40];
        fixed (float* logits = flat)
        {
            new Sampler(40).Draw(logits, new SamplingOptions { Temperature = 0 }, [], ref rng).Token.ShouldBe(0);
            for (var i = 0; i < 200; i++)
                new Sampler(40).Draw(logits, new SamplingOptions { TopK = 3 }, [], ref rng).Token.ShouldBeLessThan(3);
        }
    }

    [Fact]
    public void Temperature_sharpens()
    {
        var shares = Shares(new SamplingOptions { Temperature = 0.5 });
        shares[1].ShouldBe(0.16 / 0.30, 0.01); // squares of p, normalised
    }

    [Fact]
    public void A_repeated_token_is_penalised_but_its_reported_probability_is_the_models()
    {
        var rng = new Rng(1);
        fixed (float* logits = Logits)
        {
            var (token, logProbability) = new Sampler(4).Draw(
                logits,
                new SamplingOptions { Temperature = 0, RepetitionPenalty = 3 },
                [1],
                ref rng
            );
            token.ShouldBe(3);
            logProbability.ShouldBe(Math.Log(0.3), 1e-6);
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(1, 0.9)]
    public void Logits_that_are_no_numbers_are_refused_and_nothing_is_drawn(double temperature, double topP)
    {
        var rng = new Rng(1);
        float[] broken = [1, float.NaN, 2, 3];
        Should
            .Throw<ArithmeticException>(() =>
            {
                fixed (float* logits = broken)
                    new Sampler(4).Draw(logits, new SamplingOptions { Temperature = temperature, TopP = topP }, [], ref rng);
            })
            .Message.ShouldContain("not finite");
    }

    private static double[] Shares(SamplingOptions options)
    {
        const int draws = 40_000;
        var (sampler, rng, counts) = (new Sampler(4), new Rng(1), new double[4]);
        fixed (float* logits = Logits)
        {
            for (var i = 0; i < draws; i++)
                counts[sampler.Draw(logits, options, [], ref rng).Token] += 1.0 / draws;
        }

        return counts;
    }
}
