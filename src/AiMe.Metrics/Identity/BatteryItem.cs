namespace AiMe.Metrics.Identity;

/// <summary>A choice item of a battery with its answers at birth.</summary>
/// <param name="Scale">What it measures: a trait or a value.</param>
/// <param name="Options">Number of options, at least 2.</param>
/// <param name="Keyed">Index of the option that is in character.</param>
/// <param name="Wordings">
/// The distribution over the options, by wording; shape (wordings, options). A row with a NaN was not answered.
/// </param>
/// <param name="Mass">
/// The probability that the model gives to saying any of the options, by wording, in [0, 1]; empty if it is not known.
/// </param>
public sealed record BatteryItem(
    string Scale,
    int Options,
    int Keyed,
    IReadOnlyList<IReadOnlyList<double>> Wordings,
    IReadOnlyList<double> Mass
)
{
    /// <summary>
    /// Least probability of saying any of the options: below it, the shares of the options compare texts that the model
    /// would say in less than one answer of a hundred.
    /// </summary>
    public const double LeastMass = 0.01;

    /// <summary>The wordings that have a known row.</summary>
    public IReadOnlyList<double[]> Known => [.. Wordings.Where(row => !row.Any(double.IsNaN)).Select(row => row.ToArray())];

    /// <summary>Number of wordings with a known row and, if it is known, enough mass on the options.</summary>
    public int Answered => Wordings.Where((row, i) => !row.Any(double.IsNaN) && !(i < Mass.Count && Mass[i] < LeastMass)).Count();
}
