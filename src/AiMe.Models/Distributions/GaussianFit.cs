using System.Globalization;
using AiMe.Nano;

namespace AiMe.Models.Distributions;

/// <summary>Independent normal distributions.</summary>
/// <param name="parameters">Shape (2, dimensions): means, then variances.</param>
internal sealed class GaussianFit(double[] parameters) : FittedDistribution
{
    private const double LogOfTwoPi = 1.8378770664093453;

    private static readonly double s_logStep = StrictMath.Log(DrawText.Step);

    private int Dimensions => parameters.Length / 2;

    private ReadOnlySpan<double> Means => parameters.AsSpan(0, Dimensions);

    private ReadOnlySpan<double> Variances => parameters.AsSpan(Dimensions);

    /// <inheritdoc />
    protected override ReadOnlySpan<double> Parameters => parameters;

    /// <inheritdoc />
    protected override string Header => string.Create(CultureInfo.InvariantCulture, $"aime.gaussian.1 {Dimensions}\n");

    /// <summary>The standard normal distribution in each dimension.</summary>
    public static GaussianFit Truth(int dimensions)
    {
        var parameters = new double[2 * dimensions];
        parameters.AsSpan(dimensions).Fill(1);
        return new(parameters);
    }

    /// <summary>Mean and unbiased variance of each dimension.</summary>
    /// <exception cref="ProviderException">There are fewer than two draws.</exception>
    public static GaussianFit Of(int dimensions, IReadOnlyList<int[]> draws)
    {
        if (draws.Count < 2)
            throw new ProviderException($"The training set has {draws.Count} draws, and a variance needs two or more.");
        var parameters = new double[2 * dimensions];
        var means = parameters.AsSpan(0, dimensions);
        var variances = parameters.AsSpan(dimensions);
        foreach (var draw in draws)
        {
            for (var j = 0; j < dimensions; j++)
                means[j] += draw[j] * DrawText.Step;
        }

        for (var j = 0; j < dimensions; j++)
            means[j] /= draws.Count;
        foreach (var draw in draws)
        {
            for (var j = 0; j < dimensions; j++)
                variances[j] += (draw[j] * DrawText.Step - means[j]) * (draw[j] * DrawText.Step - means[j]);
        }

        for (var j = 0; j < dimensions; j++)
            variances[j] /= draws.Count - 1;
        return new(parameters);
    }

    /// <inheritdoc />
    public override double MeanError
    {
        get
        {
            var sum = 0.0;
            foreach (var mean in Means)
                sum += mean * mean;
            return sum / Dimensions;
        }
    }

    /// <inheritdoc />
    public override double Diversity
    {
        get
        {
            var sum = 0.0;
            foreach (var variance in Variances)
                sum += variance;
            return sum / Dimensions;
        }
    }

    /// <inheritdoc />
    public override int[] Draw(ref Rng rng)
    {
        var draw = new int[Dimensions];
        for (var j = 0; j < draw.Length; j++)
            draw[j] = DrawText.Units(Means[j] + Math.Sqrt(Variances[j]) * rng.NextNormal());
        return draw;
    }

    /// <inheritdoc />
    /// <remarks>Of a value: its density times the step between two values that a text can hold, at most 1.</remarks>
    public override double Nats(ReadOnlySpan<int> draw)
    {
        var sum = 0.0;
        for (var j = 0; j < draw.Length; j++)
        {
            var (mean, variance) = (Means[j], Variances[j]);
            if (variance > 0)
            {
                var away = draw[j] * DrawText.Step - mean;
                sum += Math.Min(0, s_logStep - (LogOfTwoPi + StrictMath.Log(variance) + away * away / variance) / 2);
            }
            else if (draw[j] != DrawText.Units(mean))
            {
                return double.NegativeInfinity;
            }
        }

        return sum;
    }
}
