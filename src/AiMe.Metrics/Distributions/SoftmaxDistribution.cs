namespace AiMe.Metrics.Distributions;

/// <summary>
/// Softmax, exp(x_i) / sum exp(x_j), with the greatest score subtracted first so that nothing overflows.
/// </summary>
public static class SoftmaxDistribution
{
    /// <summary>The distribution of scores.</summary>
    /// <param name="scores">
    /// Shape (n), n >= 1; nats, any range. Negative infinity rules an option out and gives 0.
    /// </param>
    /// <returns>
    /// Shape (n), sums to 1. All NaN when a score is NaN or positive infinity, or when every option is ruled out.
    /// </returns>
    /// <exception cref="ArgumentException">There are no scores.</exception>
    public static double[] Of(ReadOnlySpan<double> scores)
    {
        if (scores.IsEmpty)
            throw new ArgumentException("A softmax needs at least one score.");
        var greatest = double.NegativeInfinity;
        foreach (var x in scores)
            greatest = Math.Max(greatest, x); // a NaN wins

        var shares = new double[scores.Length];
        var sum = 0.0;
        for (var i = 0; i < shares.Length; i++)
        {
            shares[i] = StrictMath.Exp(scores[i] - greatest);
            sum += shares[i];
        }

        for (var i = 0; i < shares.Length; i++)
            shares[i] /= sum;
        return shares;
    }
}
