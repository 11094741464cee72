using AiMe.Metrics.Statistics;

namespace AiMe.Metrics.Identity;

/// <summary>How strongly an instance answers in the direction of a trait, and how stably.</summary>
/// <remarks>
/// A reverse-keyed item is scored on the option that indicates the trait, so its keyed option is the denial. Source:
/// docs/SCIENCE.md, "consistency".
/// </remarks>
public static class TraitScore
{
    /// <summary>Score of one item: the keyed option's share of the probability that fell on any option.</summary>
    /// <param name="options">Shape (options); probability mass of each, at least 0; it need not sum to 1.</param>
    /// <param name="keyed">Index of the option that indicates the trait.</param>
    /// <returns>In [0, 1]. NaN when no mass fell on the options, or when a mass is NaN.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A mass is negative, or there is no option at that index.
    /// </exception>
    public static double OfItem(ReadOnlySpan<double> options, int keyed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(keyed);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(keyed, options.Length);
        var sum = 0.0;
        foreach (var mass in options)
        {
            if (mass < 0)
                throw new ArgumentOutOfRangeException(nameof(options), mass, "A probability mass is not negative.");
            sum += mass;
        }

        return sum == 0 ? double.NaN : options[keyed] / sum;
    }

    /// <summary>Score of a trait: the mean of its items' scores.</summary>
    /// <returns>In [0, 1]. NaN without items, or when one is NaN.</returns>
    public static double Of(ReadOnlySpan<double> items) => Mean.Of(items);

    /// <summary>
    /// 1 - mean absolute difference between the scores of one item's paraphrases, orders and reversals.
    /// </summary>
    /// <param name="items">
    /// Per item, the score of each of its forms; reversals already scored towards the trait.
    /// </param>
    /// <returns>
    /// In [0, 1]: the mean is over all pairs of forms of an item, then over items of at least two forms. NaN without
    /// such an item, or when a score is NaN.
    /// </returns>
    public static double Stability(IReadOnlyList<IReadOnlyList<double>> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        var differences = items.Where(forms => forms.Count >= 2).Select(MeanDifference).ToArray();
        return 1 - Mean.Of(differences);
    }

    private static double MeanDifference(IReadOnlyList<double> forms)
    {
        var sum = 0.0;
        for (var i = 0; i < forms.Count; i++)
        {
            for (var j = i + 1; j < forms.Count; j++)
                sum += Math.Abs(forms[i] - forms[j]);
        }

        return sum / (forms.Count * (forms.Count - 1.0) / 2);
    }
}
