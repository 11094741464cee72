namespace AiMe.Metrics.Statistics;

/// <summary>
/// The exact distribution of Page's L under the null, given the ties of each block: the orders of each block are
/// counted, and blocks are added by convolution.
/// </summary>
/// <remarks>
/// In whole numbers: twice the deviation of L from its mean. Turning every block around changes the sign of the
/// deviation, so the distribution is symmetric whatever the ties.
/// </remarks>
internal sealed class PageNull
{
    private readonly double[] _p; // of the deviations -_most, ..., _most

    private PageNull(double[] p) => _p = p;

    private int Most => (_p.Length - 1) / 2;

    /// <param name="ranks">Twice the ranks, see <see cref="PageTrend.DoubledRanks"/>; at least one block.</param>
    public static PageNull Of(IReadOnlyList<int[]> ranks)
    {
        var known = new Dictionary<string, double[]>(StringComparer.Ordinal);
        double[] all = [1];
        foreach (var block in ranks)
        {
            int[] sorted = [.. block.Order()];
            var key = string.Join(',', sorted);
            if (!known.TryGetValue(key, out var one))
                known[key] = one = OfBlock(sorted);
            all = Sum(all, one);
        }

        return new PageNull(all);
    }

    public static PageNull WithoutTies(int blocks, int conditions) =>
        Of([.. Enumerable.Repeat(Enumerable.Range(1, conditions).Select(r => 2 * r).ToArray(), blocks)]);

    /// <summary>The probability of a deviation at least as far in the direction.</summary>
    /// <param name="deviation">Twice L minus twice its mean.</param>
    public double P(long deviation, Direction direction)
    {
        var size = (long)direction.Size(deviation);
        if (direction == Direction.Either)
            return size == 0 ? 1 : Math.Min(1, 2 * UpperTail(size));
        return Math.Min(1, UpperTail(size));
    }

    /// <summary>The largest p that is possible and not above alpha; 0 if there is none.</summary>
    public double LargestSize(double alpha, Direction direction)
    {
        var largest = 0.0;
        for (long deviation = Most; deviation >= (direction == Direction.Either ? 0 : -Most); deviation--)
        {
            var p = P(deviation, direction == Direction.Either ? direction : Direction.Greater);
            if (p > alpha)
                break;
            largest = p;
        }

        return largest;
    }

    // The small probabilities of the end are added first, and the whole tail each time: p does not depend on the path.
    private double UpperTail(long deviation)
    {
        var sum = 0.0;
        for (long d = Most; d >= Math.Max(deviation, -Most); d--)
            sum += _p[d + Most];
        return sum;
    }

    /// <summary>The distribution of one block, by adding a position at a time to every set of ranks already placed.</summary>
    private static double[] OfBlock(int[] sorted)
    {
        var k = sorted.Length;
        var greatest = sorted.Select((r, j) => (j + 1) * r).Sum();
        var least = sorted.Select((r, j) => (k - j) * r).Sum();
        var counts = new double[1 << k][];
        counts[0] = new double[greatest + 1];
        counts[0][0] = 1;
        for (var placed = 1; placed < counts.Length; placed++)
        {
            var here = counts[placed] = new double[greatest + 1];
            var position = System.Numerics.BitOperations.PopCount((uint)placed);
            for (var last = 0; last < k; last++)
            {
                if ((placed >> last & 1) == 0)
                    continue;
                var step = position * sorted[last];
                var before = counts[placed & ~(1 << last)];
                for (var sum = 0; sum + step <= greatest; sum++)
                    here[sum + step] += before[sum];
            }
        }

        var orders = counts[^1].Sum();
        return [.. counts[^1][least..].Select(c => c / orders)];
    }

    private static double[] Sum(double[] a, double[] b)
    {
        var sum = new double[a.Length + b.Length - 1];
        for (var i = 0; i < a.Length; i++)
        {
            if (a[i] == 0)
                continue;
            for (var j = 0; j < b.Length; j++)
                sum[i + j] += a[i] * b[j];
        }

        return sum;
    }
}
