namespace AiMe.Models.Distributions;

/// <summary>The family of a distribution that stands in place of a language model, and its size.</summary>
/// <param name="Dimensions">Independent distributions, each with parameters of its own; 1 or more.</param>
/// <param name="Categories">Categories of each, 2 or more; null for a Gaussian.</param>
public sealed record DistributionShape(int Dimensions, int? Categories = null)
{
    /// <summary>The fit to some draws.</summary>
    /// <exception cref="ProviderException">There are too few draws.</exception>
    public FittedDistribution Fit(IReadOnlyList<int[]> draws) =>
        Categories is { } k ? CategoricalFit.Of(Dimensions, k, draws) : GaussianFit.Of(Dimensions, draws);

    /// <summary>The real distribution: standard normal, or uniform over the categories, in each dimension.</summary>
    public FittedDistribution Truth() => Categories is { } k ? CategoricalFit.Truth(Dimensions, k) : GaussianFit.Truth(Dimensions);

    /// <summary>So many draws of the real distribution; fewer draws of one seed are the first of more.</summary>
    public IEnumerable<int[]> Real(ulong seed, int count)
    {
        var truth = Truth();
        AiMe.Nano.Rng rng = new(seed);
        for (var i = 0; i < count; i++)
            yield return truth.Draw(ref rng);
    }
}
