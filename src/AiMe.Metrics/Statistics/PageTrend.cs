namespace AiMe.Metrics.Statistics;

/// <summary>
/// Page's test for an ordered alternative: do values rise (or fall) along conditions whose order was declared, within
/// blocks?
/// </summary>
/// <remarks>
/// L is the sum over conditions j = 1, ..., k of j times the sum of the ranks in column j, each block ranked by itself;
/// equal values share their mean rank. Under the null every order of a block's values is equally likely. That holds for
/// conditions that were run apart. It does not hold for generations of one instance, each of which builds on the last:
/// of random walks without a trend the test rejects far too many. For these, give <see cref="Deviations"/> to
/// <see cref="SignFlip"/>. The distribution of L is exact, given the ties of each block, up to 10 conditions and 100
/// blocks; beyond, each block is shuffled in 99,999 seeded draws, p = (1 + as large) / 100,000. Source: Page (1963),
/// "Ordered hypotheses for multiple treatments"; Phipson and Smyth (2010) for the drawn p.
/// </remarks>
public static class PageTrend
{
    /// <summary>The greatest number of conditions whose orders are all counted.</summary>
    public const int ExactUpToConditions = 10;

    /// <summary>The greatest number of blocks for which all orders are counted.</summary>
    public const int ExactUpToBlocks = 100;

    /// <summary>Tests for a trend along the columns.</summary>
    /// <param name="blocks">
    /// Shape (replicates, conditions), conditions in the hypothesised order, at least two. A block with a NaN is left
    /// out. Values are ties only if they are equal to the last bit.
    /// </param>
    /// <param name="direction">
    /// Greater if values were declared to rise along the order, Less if to fall; Either compares by the distance of L
    /// from its expectation.
    /// </param>
    /// <param name="seed">Used beyond the exact sizes only.</param>
    /// <returns>All figures are NaN if no block is left.</returns>
    /// <exception cref="ArgumentException">Blocks differ in length, or have fewer than two conditions.</exception>
    public static PageTrendResult Test(IReadOnlyList<double[]> blocks, Direction direction, ulong seed)
    {
        var conditions = Conditions(blocks);
        var ranks = KnownRanks(blocks);
        if (ranks.Length == 0)
            return new PageTrendResult(double.NaN, double.NaN, 0, conditions, double.NaN, double.NaN);
        var doubled = ranks.Sum(DoubledL);
        var expected = ExpectedDoubledL(ranks.Length, conditions);
        var exact = IsExact(ranks.Length, conditions);
        var p = exact
            ? PageNull.Of(ranks).P(doubled - expected, direction)
            : DrawnP.Of(CountDrawn(ranks, doubled - expected, expected, direction, seed));
        var smallest = SmallestOf(ranks.Select(OrdersAtBest), direction);
        return new PageTrendResult(
            doubled / 2.0,
            expected / 2.0,
            ranks.Length,
            conditions,
            p,
            exact ? smallest : Math.Max(smallest, DrawnP.Of(0))
        );
    }

    /// <summary>
    /// Each block's own trend: its part of L minus the expectation of it. <see cref="SignFlip"/> of these tests for a
    /// trend without assuming that a block's values are exchangeable, only that rising is as likely as falling.
    /// </summary>
    /// <param name="blocks">As for <see cref="Test"/>; a block with a NaN is left out.</param>
    /// <returns>One per block that is left, in [-k (k^2 - 1) / 12, k (k^2 - 1) / 12]; above 0 if values rise.</returns>
    /// <exception cref="ArgumentException">Blocks differ in length, or have fewer than two conditions.</exception>
    public static double[] Deviations(IReadOnlyList<double[]> blocks)
    {
        var expected = ExpectedDoubledL(1, Conditions(blocks));
        return [.. KnownRanks(blocks).Select(r => (DoubledL(r) - expected) / 2.0)];
    }

    /// <summary>The smallest p that blocks without ties can give: every block in order, so 1 / (k!)^n one-sided.</summary>
    /// <param name="blocks">n, 0 or more.</param>
    /// <param name="conditions">k, 2 or more.</param>
    /// <returns>In (0, 1], twice as large two-sided; 1 / 100,000 beyond the exact sizes; NaN without blocks.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is too small.</exception>
    public static double SmallestPossibleP(int blocks, int conditions, Direction direction)
    {
        Check(blocks, conditions);
        if (blocks == 0)
            return double.NaN;
        return IsExact(blocks, conditions) ? SmallestOf(Enumerable.Repeat(1 / Factorial(conditions), blocks), direction) : DrawnP.Of(0);
    }

    /// <summary>The test's true size at level alpha, without ties: how often it rejects under the null.</summary>
    /// <param name="blocks">0 or more.</param>
    /// <param name="conditions">2 or more.</param>
    /// <param name="alpha">The nominal level, in (0, 1).</param>
    /// <returns>In [0, alpha]: the largest possible p that is not above alpha, 0 if none is. NaN without blocks.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is too small, or alpha is outside (0, 1).</exception>
    public static double AttainableSize(int blocks, int conditions, double alpha, Direction direction)
    {
        Check(blocks, conditions);
        Level.Check(alpha, nameof(alpha));
        if (blocks == 0)
            return double.NaN;
        return IsExact(blocks, conditions)
            ? PageNull.WithoutTies(blocks, conditions).LargestSize(alpha, direction)
            : DrawnP.LargestStep(alpha, DrawnP.Draws + 1);
    }

    /// <summary>Twice the mean of L under the null, n k (k + 1)^2 / 4; always whole.</summary>
    internal static long ExpectedDoubledL(int blocks, int conditions) =>
        (long)blocks * conditions * (conditions + 1) * (conditions + 1) / 2;

    /// <summary>Twice the ranks from 1, so that mean ranks of ties are whole numbers too.</summary>
    internal static int[] DoubledRanks(double[] block) => [.. block.Select(v => block.Count(o => o < v) + block.Count(o => o <= v) + 1)];

    private static int Conditions(IReadOnlyList<double[]> blocks)
    {
        var conditions = blocks.Count == 0 ? 0 : blocks[0].Length;
        foreach (var block in blocks)
        {
            if (block.Length != conditions || conditions < 2)
                throw new ArgumentException(
                    $"A block of {block.Length} conditions beside one of {conditions}: expected equal numbers, 2 or more."
                );
        }

        return conditions;
    }

    private static int[][] KnownRanks(IReadOnlyList<double[]> blocks) =>
        [.. blocks.Where(b => !Array.Exists(b, double.IsNaN)).Select(DoubledRanks)];

    private static void Check(int blocks, int conditions)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(blocks);
        ArgumentOutOfRangeException.ThrowIfLessThan(conditions, 2);
    }

    private static bool IsExact(int blocks, int conditions) => conditions <= ExactUpToConditions && blocks <= ExactUpToBlocks;

    private static long DoubledL(int[] ranks)
    {
        var sum = 0L;
        for (var j = 0; j < ranks.Length; j++)
            sum += (j + 1L) * ranks[j];
        return sum;
    }

    /// <summary>The smallest p, if each block has its greatest L with such a probability; 1 if no order changes L.</summary>
    private static double SmallestOf(IEnumerable<double> atBest, Direction direction)
    {
        var all = atBest.Aggregate(1.0, (product, share) => product * share);
        return all < 1 ? direction.Sides() * all : 1;
    }

    /// <summary>The share of a block's orders that have the greatest L: those that only exchange equal values.</summary>
    private static double OrdersAtBest(int[] ranks) =>
        ranks.GroupBy(r => r).Aggregate(1.0, (product, tied) => product * Factorial(tied.Count())) / Factorial(ranks.Length);

    private static double Factorial(int n) => MathNet.Numerics.SpecialFunctions.Factorial(n);

    private static int CountDrawn(int[][] ranks, long deviation, long expected, Direction direction, ulong seed)
    {
        var count = 0;
        var random = new SplitMix(seed);
        var goal = direction.Size(deviation);
        for (var draw = 0; draw < DrawnP.Draws; draw++)
        {
            var sum = -expected;
            foreach (var block in ranks)
            {
                random.Shuffle(block);
                sum += DoubledL(block);
            }

            if (direction.Size(sum) >= goal)
                count++;
        }

        return count;
    }
}
