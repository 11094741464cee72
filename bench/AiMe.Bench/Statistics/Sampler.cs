using AiMe.Metrics.Statistics;

namespace AiMe.Bench.Statistics;

/// <summary>Distributions of differences that are simulated, all with mean 0 and standard deviation 1.</summary>
internal enum Shape
{
    Normal,

    /// <summary>Symmetric with heavy tails: excess kurtosis 3.</summary>
    Laplace,

    /// <summary>Skewed to the right: skewness 2.</summary>
    Exponential,
}

/// <summary>The random numbers of one trial.</summary>
internal sealed class Sampler(ulong seed)
{
    // Seeds of neighbouring trials are mixed, lest their streams resemble each other.
    private SplitMix _random = new(new SplitMix(seed).Next());

    public ulong Seed() => _random.Next();

    /// <summary>In (0, 1).</summary>
    public double Uniform() => ((_random.Next() >> 11) + 0.5) / (1UL << 53);

    public double Value(Shape shape) =>
        shape switch
        {
            Shape.Normal => Math.Sqrt(-2 * Math.Log(Uniform())) * Math.Cos(2 * Math.PI * Uniform()),
            Shape.Laplace => Math.Log(Uniform() / Uniform()) / Math.Sqrt(2),
            Shape.Exponential => -Math.Log(Uniform()) - 1,
            _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, "Not a shape."),
        };

    public double[] Values(Shape shape, int count, double mean = 0)
    {
        var values = new double[count];
        for (var i = 0; i < count; i++)
            values[i] = mean + Value(shape);
        return values;
    }
}
