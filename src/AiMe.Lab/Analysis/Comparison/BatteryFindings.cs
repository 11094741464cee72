using AiMe.Lab.Analysis.Batteries;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>Findings on what the battery can see at all, by its answers at birth.</summary>
internal static class BatteryFindings
{
    public static IEnumerable<ComparisonFinding> Of(RunComparison comparison)
    {
        var batteries = comparison.Batteries.ToArray();
        foreach (var (variant, battery) in batteries)
        {
            var whose = batteries.Length > 1 ? $" of {variant}" : "";
            var first = true;
            foreach (var sentence in BatteryWords.Of(battery))
            {
                yield return new ComparisonFinding("battery", $"Warning{whose}: {sentence}", Detail: !first); // the first says enough
                first = false;
            }
        }
    }
}
