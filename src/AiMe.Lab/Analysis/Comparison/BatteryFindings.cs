using AiMe.Lab.Analysis.Batteries;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>Findings on what the battery can see at all, by its answers at birth.</summary>
internal static class BatteryFindings
{
    public static IEnumerable<ComparisonFinding> Of(RunComparison comparison)
    {
        if (comparison.Battery is not { } battery)
            yield break;
        var first = true;
        foreach (var sentence in BatteryWords.Of(battery))
        {
            yield return new ComparisonFinding("battery", $"Warning: {sentence}", Detail: !first); // the first says enough
            first = false;
        }
    }
}
