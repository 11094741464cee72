using AiMe.Lab.Analysis.Comparison;

namespace AiMe.Console.Output.Documents;

/// <summary>A difference of two variants, charter by charter.</summary>
/// <param name="First">A variant.</param>
/// <param name="Second">The variant that is subtracted.</param>
/// <param name="Measure">Key of the measure.</param>
/// <param name="Between">
/// Standard deviation of the difference between charters; 0 if charters differ no more than replicates do, null if there is no second
/// replicate.
/// </param>
/// <param name="Within">Standard deviation of the replicates' differences within charters; null without a second replicate.</param>
/// <param name="ByCharter">In the order of the plan.</param>
internal sealed record CharterContrastOutput(
    string First,
    string Second,
    string Measure,
    double? Between,
    double? Within,
    IReadOnlyList<CharterDifference> ByCharter
)
{
    public static CharterContrastOutput Of(CharterContrast c) =>
        new(c.First, c.Second, c.Measure.Key, c.Scatter.Between, c.Scatter.Within, [.. c.Charters]);
}
