namespace AiMe.Metrics.Tests;

/// <summary>The strict functions against the platform's own, whose error is below one unit in the last place.</summary>
public sealed class StrictMathTests
{
    private const double Tolerance = 1e-15;
    private const int Seed = 20260101;
    private const int Points = 200_000;

    [Fact]
    public void Exp_agrees_with_the_platform_over_its_whole_range() =>
        Sweep(StrictMath.Exp, Math.Exp, random => -708 + 1417.7 * random.NextDouble());

    [Fact]
    public void Exp_agrees_with_the_platform_near_zero() => Sweep(StrictMath.Exp, Math.Exp, random => SignedPowerOfTen(random, -20, 0));

    [Fact]
    public void Log_agrees_with_the_platform_over_its_whole_range() =>
        Sweep(StrictMath.Log, Math.Log, random => Math.Exp(-740 + 1449 * random.NextDouble()));

    [Fact]
    public void Log_agrees_with_the_platform_next_to_its_zero() =>
        Sweep(StrictMath.Log, Math.Log, random => 1 + SignedPowerOfTen(random, -15, -0.2));

    [Fact]
    public void Log2_agrees_with_the_platform() => Sweep(StrictMath.Log2, Math.Log2, random => Math.Exp(-740 + 1449 * random.NextDouble()));

    [Fact]
    public void Log2_agrees_with_the_platform_next_to_its_zero() =>
        Sweep(StrictMath.Log2, Math.Log2, random => 1 + SignedPowerOfTen(random, -15, -0.2));

    [Fact]
    public void Sin_agrees_with_the_platform_to_a_million() => Sweep(StrictMath.Sin, Math.Sin, random => SignedPowerOfTen(random, -20, 6));

    [Fact]
    public void Cos_agrees_with_the_platform_to_a_million() => Sweep(StrictMath.Cos, Math.Cos, random => SignedPowerOfTen(random, -20, 6));

    [Fact]
    public void Sin_and_cos_keep_their_digits_at_the_doubles_nearest_to_their_zeros()
    {
        for (var k = 1; k < 600_000; k += 7)
        {
            var x = k * (Math.PI / 2);
            Close(StrictMath.Sin(x), Math.Sin(x), x);
            Close(StrictMath.Cos(-x), Math.Cos(-x), -x);
        }
    }

    [Fact]
    public void Tanh_agrees_with_the_platform() => Sweep(StrictMath.Tanh, Math.Tanh, random => SignedPowerOfTen(random, -20, 2));

    [Fact]
    public void Tanh_agrees_with_the_platform_around_one() => Sweep(StrictMath.Tanh, Math.Tanh, random => 4 * random.NextDouble() - 2);

    [Fact]
    public void Pow_agrees_with_the_platform_wherever_the_result_is_normal()
    {
        var random = new Random(Seed);
        for (var i = 0; i < Points; i++)
        {
            var x = SignedPowerOfTen(random, -100, 100);
            x = i % 2 == 0 ? Math.Abs(x) : 1 + 0.4 * Math.Sin(x); // half of them near 1, where exponents grow long
            var exponent = 1400 * random.NextDouble() - 700;
            var y = exponent / Math.Log(x);
            Close(StrictMath.Pow(x, y), Math.Pow(x, y), x, (Math.Abs(exponent) < 460 ? 2 : 4) * Tolerance);
        }
    }

    [Fact]
    public void Log2_is_exact_at_every_power_of_two()
    {
        for (var k = -1074; k <= 1023; k++)
            StrictMath.Log2(Math.ScaleB(1, k)).ShouldBe(k);
    }

    [Theory]
    [InlineData(double.NaN, double.NaN)]
    [InlineData(double.NegativeInfinity, 0.0)]
    [InlineData(-746.0, 0.0)]
    [InlineData(0.0, 1.0)]
    [InlineData(710.0, double.PositiveInfinity)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity)]
    public void Exp_at_its_edges(double x, double expected) => StrictMath.Exp(x).ShouldBe(expected);

    [Fact]
    public void Exp_reaches_the_smallest_double() => StrictMath.Exp(-744.9).ShouldBe(double.Epsilon);

    [Theory]
    [InlineData(double.NaN, double.NaN)]
    [InlineData(-1.0, double.NaN)]
    [InlineData(0.0, double.NegativeInfinity)]
    [InlineData(1.0, 0.0)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity)]
    public void Log_and_log2_at_their_edges(double x, double expected)
    {
        StrictMath.Log(x).ShouldBe(expected);
        StrictMath.Log2(x).ShouldBe(expected);
    }

    [Theory]
    [InlineData(0.0, 0.0, 1.0)]
    [InlineData(0.0, 2.0, 0.0)]
    [InlineData(0.0, -2.0, double.PositiveInfinity)]
    [InlineData(0.0, double.NaN, double.NaN)]
    [InlineData(-2.0, 2.0, double.NaN)]
    [InlineData(1.0, 1e300, 1.0)]
    [InlineData(2.0, 1e300, double.PositiveInfinity)]
    [InlineData(2.0, -1e300, 0.0)]
    [InlineData(double.PositiveInfinity, -1.0, 0.0)]
    [InlineData(double.PositiveInfinity, 1.0, double.PositiveInfinity)]
    public void Pow_at_its_edges(double x, double y, double expected) => StrictMath.Pow(x, y).ShouldBe(expected);

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-1.1e6)]
    public void Sin_and_cos_are_undefined_where_the_reduction_would_lose_digits(double x)
    {
        StrictMath.Sin(x).ShouldBe(double.NaN);
        StrictMath.Cos(x).ShouldBe(double.NaN);
    }

    [Fact]
    public void Tanh_at_its_edges()
    {
        StrictMath.Tanh(double.NaN).ShouldBe(double.NaN);
        StrictMath.Tanh(double.PositiveInfinity).ShouldBe(1);
        StrictMath.Tanh(-21).ShouldBe(-1);
        double.IsNegative(StrictMath.Tanh(-0.0)).ShouldBeTrue();
    }

    /// <summary>Golden bits: whoever changes an operation changes every journalled number, and must see it here.</summary>
    [Theory]
    [InlineData("exp", "3fc63e397e022072")]
    [InlineData("log", "bff34378fcbda721")]
    [InlineData("log2", "bffbca9c6f53897b")]
    [InlineData("pow", "3f60d37a6c33ed57")]
    [InlineData("sin", "bfd1bf00980dc35d")]
    [InlineData("cos", "3feebec72ba6b0ec")]
    [InlineData("tanh", "3fb983d7795f413a")]
    public void The_bits_are_these(string function, string expected) =>
        BitConverter.DoubleToInt64Bits(Golden(function)).ToString("x").ShouldBe(expected);

    private static double Golden(string function) =>
        function switch
        {
            "exp" => StrictMath.Exp(-1.75),
            "log" => StrictMath.Log(0.3),
            "log2" => StrictMath.Log2(0.3),
            "pow" => StrictMath.Pow(0.995, 1234.5),
            "sin" => StrictMath.Sin(100.25),
            "cos" => StrictMath.Cos(100.25),
            "tanh" => StrictMath.Tanh(0.1),
            _ => throw new ArgumentOutOfRangeException(nameof(function)),
        };

    private static void Sweep(Func<double, double> strict, Func<double, double> platform, Func<Random, double> draw)
    {
        var random = new Random(Seed);
        for (var i = 0; i < Points; i++)
        {
            var x = draw(random);
            Close(strict(x), platform(x), x);
        }
    }

    private static void Close(double actual, double expected, double x, double tolerance = Tolerance)
    {
        if (!(Math.Abs(actual - expected) <= tolerance * Math.Abs(expected)))
            actual.ShouldBe(expected, $"at x = {x:R}, seed {Seed}");
    }

    private static double SignedPowerOfTen(Random random, double from, double to) =>
        Math.Pow(10, from + (to - from) * random.NextDouble()) * (random.Next(2) == 0 ? 1 : -1);
}
