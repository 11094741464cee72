namespace AiMe.Metrics.Statistics;

/// <summary>Log-rank test within blocks: does an event happen sooner in one arm than in the other arm of the same block?</summary>
/// <remarks>
/// Each instance has a score: 1 if its event happened, less the Nelson-Aalen estimate at its time from both arms pooled.
/// The sum over an arm is its observed events minus those expected. Exchanging the arms of a block leaves the pooled
/// estimate as it is and turns the sign of the block's difference of scores, so that <see cref="SignFlip"/> of these
/// differences is exact, if censoring does not depend on the arm either. Source: Mantel (1966); Peto and Peto (1972)
/// for the scores; O'Brien and Fleming (1987) for differences of scores within pairs.
/// </remarks>
public static class LogRank
{
    /// <summary>Tests two arms that are paired by block.</summary>
    /// <param name="first">One per block: when its event happened or it was last seen.</param>
    /// <param name="second">The other arm's, in the same order of blocks.</param>
    /// <param name="direction">Greater if the first arm was declared to have its events sooner, Less if later.</param>
    /// <param name="seed">Used beyond <see cref="SignFlip.ExactUpTo"/> blocks only.</param>
    /// <returns>
    /// A block in which either time is NaN, infinite or negative is left out. All figures are NaN if no block is left.
    /// </returns>
    /// <exception cref="ArgumentException">The numbers of blocks differ.</exception>
    public static LogRankResult Test(
        ReadOnlySpan<SurvivalTime> first,
        ReadOnlySpan<SurvivalTime> second,
        Direction direction,
        ulong seed
    ) => Test(first, second, direction, seed, []);

    /// <summary>Tests two arms that are paired by block, where some blocks depend on each other.</summary>
    /// <inheritdoc cref="Test(ReadOnlySpan{SurvivalTime}, ReadOnlySpan{SurvivalTime}, Direction, ulong)"/>
    /// <param name="clusters">
    /// The cluster of each block: the arms of all its blocks are exchanged together, so that clusters are the permuted units. Empty if
    /// every block is one of its own.
    /// </param>
    public static LogRankResult Test(
        ReadOnlySpan<SurvivalTime> first,
        ReadOnlySpan<SurvivalTime> second,
        Direction direction,
        ulong seed,
        ReadOnlySpan<int> clusters
    )
    {
        if (first.Length != second.Length)
            throw new ArgumentException($"{first.Length} and {second.Length} blocks cannot be paired.");
        if (!clusters.IsEmpty && clusters.Length != first.Length)
            throw new ArgumentException($"{clusters.Length} clusters cannot be those of {first.Length} blocks.");
        List<SurvivalTime> one = [],
            other = [];
        List<int> of = [];
        for (var i = 0; i < first.Length; i++)
        {
            if (!first[i].IsKnown || !second[i].IsKnown)
                continue;
            one.Add(first[i]);
            other.Add(second[i]);
            of.Add(clusters.IsEmpty ? i : clusters[i]);
        }

        if (one.Count == 0)
            return new LogRankResult(double.NaN, double.NaN, double.NaN, 0, double.NaN);
        SurvivalTime[] pooled = [.. one, .. other];
        var hazards = Hazards(pooled);
        var blocks = one.Zip(other, (a, b) => WithoutRounding(Score(a) - Score(b))).Zip(of);
        double[] differences = [.. blocks.GroupBy(b => b.Second).Select(g => WithoutRounding(g.Sum(b => b.First)))];
        return new LogRankResult(
            one.Count(t => t.Happened),
            one.Sum(t => hazards[t.Time]),
            other.Sum(t => hazards[t.Time]),
            differences.Length,
            SignFlip.PValue(differences, seed, direction)
        )
        {
            SmallestPossibleP = SignFlip.SmallestPossibleP(differences, direction),
        };

        double Score(SurvivalTime t) => (t.Happened ? 1 : 0) - hazards[t.Time];
    }

    // Scores are sums of fractions: equal ones may differ in the last digits. They are ties.
    private static double WithoutRounding(double difference) => Math.Abs(difference) < 1e-12 ? 0 : difference;

    /// <summary>The Nelson-Aalen estimate at each time: the sum of events / at risk up to it.</summary>
    private static Dictionary<double, double> Hazards(SurvivalTime[] pooled)
    {
        var hazards = new Dictionary<double, double>();
        var atRisk = pooled.Length;
        var sum = 0.0;
        foreach (var at in pooled.GroupBy(t => t.Time).OrderBy(g => g.Key))
        {
            sum += at.Count(t => t.Happened) / (double)atRisk;
            hazards[at.Key] = sum;
            atRisk -= at.Count();
        }

        return hazards;
    }
}
