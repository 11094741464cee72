namespace AiMe.Metrics.Statistics;

/// <summary>Checks of probabilities that are given as arguments.</summary>
internal static class Level
{
    /// <exception cref="ArgumentOutOfRangeException">The value is outside (0, 1), or NaN.</exception>
    public static void Check(double value, string name)
    {
        if (!(value > 0 && value < 1))
            throw new ArgumentOutOfRangeException(name, value, $"{name} lies between 0 and 1.");
    }
}
