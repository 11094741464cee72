namespace AiMe.Metrics.Statistics;

/// <summary>The p-values of a permutation test that draws permutations instead of counting them all.</summary>
/// <remarks>
/// p = (1 + draws that are as large) / (1 + draws), which never understates p. Source: Phipson and Smyth (2010).
/// </remarks>
internal static class DrawnP
{
    public const int Draws = 99_999;

    public static double Of(int asLarge) => (1.0 + asLarge) / (Draws + 1);

    /// <summary>The largest multiple of 1 / steps that is not above alpha, in the arithmetic in which p is compared with alpha.</summary>
    /// <remarks>A test whose p is uniform on these multiples rejects with this probability at level alpha.</remarks>
    public static double LargestStep(double alpha, double steps)
    {
        var step = Math.Round(alpha * steps);
        while (step / steps > alpha)
            step--;
        return step / steps;
    }
}
