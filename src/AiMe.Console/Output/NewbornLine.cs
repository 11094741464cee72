using System.Globalization;
using AiMe.Lab.Runs.SavedModels;

namespace AiMe.Console.Output;

/// <summary>How much of its charter a newborn shows, in one sentence.</summary>
internal static class NewbornLine
{
    /// <summary>Such as: the newborn says its name in 95% of 20 answers and its trade in 60%, 3 of 5 traits, ...</summary>
    public static string Of(CharterCoverage coverage)
    {
        var trade = coverage.Trade is { } share ? $" and its trade in {Percent(share)}" : "";
        return $"the newborn says its name in {Percent(coverage.Name)} of {CharterCoverage.Answers} answers{trade}, "
            + $"{Of(coverage.Traits, "trait")}, {Of(coverage.Values, "value")} and {Of(coverage.Goals, "goal")} of its charter"
            + Silent([.. coverage.Traits.Silent, .. coverage.Values.Silent, .. coverage.Goals.Silent]);
    }

    private static string Of(SaidParts parts, string noun) => $"{parts.Said.Length} of {Lines.Count(parts.All, noun)}";

    private static string Silent(string[] parts) => parts.Length == 0 ? "" : $" (not said: {string.Join(", ", parts)})";

    private static string Percent(double share) => share.ToString("0%", CultureInfo.InvariantCulture);
}
