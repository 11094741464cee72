using System.Globalization;
using AiMe.Nano;

namespace AiMe.Models.Distributions;

/// <summary>Independent categorical distributions.</summary>
/// <param name="parameters">Shape (dimensions, categories): probabilities.</param>
internal sealed class CategoricalFit(int categories, double[] parameters) : FittedDistribution
{
    private int Dimensions => parameters.Length / categories;

    /// <inheritdoc />
    protected override ReadOnlySpan<double> Parameters => parameters;

    /// <inheritdoc />
    protected override string Header => string.Create(CultureInfo.InvariantCulture, $"aime.categorical.1 {Dimensions} {categories}\n");

    /// <summary>The uniform distribution in each dimension.</summary>
    public static CategoricalFit Truth(int dimensions, int categories)
    {
        var parameters = new double[dimensions * categories];
        Array.Fill(parameters, 1.0 / categories);
        return new(categories, parameters);
    }

    /// <summary>Relative frequencies in each dimension.</summary>
    /// <exception cref="ProviderException">There are no draws.</exception>
    public static CategoricalFit Of(int dimensions, int categories, IReadOnlyList<int[]> draws)
    {
        if (draws.Count == 0)
            throw new ProviderException("The training set is empty.");
        var parameters = new double[dimensions * categories];
        foreach (var draw in draws)
        {
            for (var j = 0; j < dimensions; j++)
                parameters[j * categories + draw[j]]++;
        }

        for (var i = 0; i < parameters.Length; i++)
            parameters[i] /= draws.Count;
        return new(categories, parameters);
    }

    /// <inheritdoc />
    public override double MeanError
    {
        get
        {
            var sum = 0.0;
            foreach (var p in parameters)
                sum += (p - 1.0 / categories) * (p - 1.0 / categories);
            return sum / Dimensions / (1 - 1.0 / categories);
        }
    }

    /// <inheritdoc />
    public override double Diversity
    {
        get
        {
            var squares = 0.0;
            foreach (var p in parameters)
                squares += p * p;
            return (1 - squares / Dimensions) / (1 - 1.0 / categories);
        }
    }

    /// <inheritdoc />
    public override int[] Draw(ref Rng rng)
    {
        var draw = new int[Dimensions];
        for (var j = 0; j < draw.Length; j++)
            draw[j] = Choose(parameters.AsSpan(j * categories, categories), rng.NextDouble());
        return draw;
    }

    /// <inheritdoc />
    public override double Nats(ReadOnlySpan<int> draw)
    {
        var sum = 0.0;
        for (var j = 0; j < draw.Length; j++)
            sum += StrictMath.Log(parameters[j * categories + draw[j]]);
        return sum;
    }

    // The first category at which the sum exceeds the number; the last possible one if rounding keeps the sum below it.
    private static int Choose(ReadOnlySpan<double> p, double unit)
    {
        var (sum, last) = (0.0, 0);
        for (var k = 0; k < p.Length; k++)
        {
            if (p[k] <= 0)
                continue;
            last = k;
            sum += p[k];
            if (unit < sum)
                return k;
        }

        return last;
    }
}
