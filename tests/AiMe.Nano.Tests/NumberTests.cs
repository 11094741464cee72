namespace AiMe.Nano.Tests;

public sealed class NumberTests
{
    [Fact]
    public void Strict_functions_agree_with_the_platforms_to_the_last_digits()
    {
        var rng = new Rng(1);
        for (var i = 0; i < 20_000; i++)
        {
            var x = 1400 * rng.NextDouble() - 700;
            (StrictMath.Exp(x) / Math.Exp(x) - 1).ShouldBe(0, 1e-15 * 4, $"exp {x}");
            (StrictMath.Tanh(x / 100) - Math.Tanh(x / 100)).ShouldBe(0, 1e-15, $"tanh {x / 100}");
            (StrictMath.Sin(x) - Math.Sin(x)).ShouldBe(0, 1e-15, $"sin {x}");
            (StrictMath.Cos(x) - Math.Cos(x)).ShouldBe(0, 1e-15, $"cos {x}");
            var y = Math.ScaleB(rng.NextDouble() + 1e-3, rng.NextInt(200) - 100);
            StrictMath.Log(y).ShouldBe(Math.Log(y), 2e-16 * Math.Max(2, 2 * Math.Abs(Math.Log(y))), $"log {y}");
        }
    }

    [Fact]
    public void Strict_functions_end_where_they_say()
    {
        StrictMath.Exp(-746).ShouldBe(0);
        StrictMath.Exp(710).ShouldBe(double.PositiveInfinity);
        StrictMath.Exp(0).ShouldBe(1);
        StrictMath.Log(1).ShouldBe(0);
        StrictMath.Log(0).ShouldBe(double.NegativeInfinity);
        StrictMath.Log(-1).ShouldBe(double.NaN);
        StrictMath.Tanh(1e-9).ShouldBe(1e-9, 1e-24);
        StrictMath.Pow(2, 10).ShouldBe(1024, 1e-11);
    }

    [Fact]
    public void The_generator_is_xoshiro256_starstar_seeded_by_splitmix64()
    {
        // splitmix64(0) begins e220a8397b1dcdaf, 6e789e6aa1b965f4; the first output is rotl(s1 * 5, 7) * 9.
        var expected = System.Numerics.BitOperations.RotateLeft(unchecked(0x6e789e6aa1b965f4UL * 5), 7) * 9;
        new Rng(0).NextBits().ShouldBe(expected);
    }

    [Fact]
    public void Normals_have_mean_zero_and_deviation_one_and_integers_are_even()
    {
        var rng = new Rng(4);
        var normals = Enumerable.Range(0, 50_000).Select(_ => rng.NextNormal()).ToArray();
        normals.Average().ShouldBe(0, 0.02);
        normals.Average(v => v * v).ShouldBe(1, 0.03);
        var counts = new int[7];
        for (var i = 0; i < 70_000; i++)
            counts[rng.NextInt(7)]++;
        counts.ShouldAllBe(c => Math.Abs(c - 10_000) < 400);
    }

    [Fact]
    public void A_shuffle_is_a_permutation_and_depends_on_the_seed()
    {
        int[] one = [.. Enumerable.Range(0, 50)],
            other = [.. one];
        new Rng(1).Shuffle<int>(one);
        new Rng(2).Shuffle<int>(other);
        one.ShouldNotBe(other);
        one.Order().ShouldBe(Enumerable.Range(0, 50));
    }
}
