using System.Collections.Immutable;
using AiMe.Metrics.Distributions;

namespace AiMe.Lab.Analysis.Memories;

/// <summary>Memories with a number of recalls within bounds.</summary>
/// <param name="Least">Fewest recalls.</param>
/// <param name="Most">Most recalls.</param>
/// <param name="Memories">Number of such memories.</param>
public readonly record struct RecallBucket(int Least, int Most, int Memories);

/// <summary>How often memories were recalled for a cycle's stimulus.</summary>
/// <param name="Recalls">Memories recalled, over all cycles.</param>
/// <param name="Cycles">Cycles in which something could be recalled.</param>
/// <param name="Reachable">
/// Memories that could be recalled in at least one cycle, the most recalled first; ties go to the older. Those stored in the last
/// cycle could not, and are not here. Forgotten ones are.
/// </param>
/// <param name="StaleAfter">A recallable memory is stale if it was neither stored nor recalled in so many last cycles.</param>
/// <param name="Stale">Stale memories, oldest first.</param>
public sealed record RecallFigures(
    int Recalls,
    int Cycles,
    ImmutableArray<AuditedMemory> Reachable,
    int StaleAfter,
    ImmutableArray<AuditedMemory> Stale
)
{
    /// <summary>Memories that were never recalled though they could be.</summary>
    public int Never => Reachable.Count(m => m.Recalls == 0);

    /// <summary>
    /// Gini coefficient of the recalls over <see cref="Reachable"/>, in [0, 1): 0 if all were recalled equally often. NaN without a
    /// recall.
    /// </summary>
    public double Gini => Over(m => m.Recalls) is { } p ? Concentration.Gini(p) : double.NaN;

    /// <summary>
    /// The Gini coefficient of the expected recalls if every recall had drawn evenly from what was recallable: older memories had
    /// more chances. NaN without a recall.
    /// </summary>
    public double EvenGini => Over(m => m.EvenRecalls) is { } p ? Concentration.Gini(p) : double.NaN;

    /// <summary>Number of memories in the most recalled tenth, rounded up.</summary>
    public int TopTenth => (Reachable.Length + 9) / 10;

    /// <summary>Share of the recalls that went to the most recalled tenth, in [0, 1]; NaN without a recall.</summary>
    public double TopShare => Over(m => m.Recalls) is { } p ? Concentration.TopMass(p, TopTenth) : double.NaN;

    /// <summary>How many memories were recalled 0, 1, 2, 3 to 4, 5 to 8, 9 to 16 times and so on, up to the largest number.</summary>
    public ImmutableArray<RecallBucket> Histogram
    {
        get
        {
            var most = Reachable.IsEmpty ? 0 : Reachable[0].Recalls;
            List<RecallBucket> buckets = [];
            for (var (least, last) = (0, 0); least <= most; (least, last) = (last + 1, last == 0 ? 1 : last * 2))
                buckets.Add(new(least, last, Reachable.Count(m => m.Recalls >= least && m.Recalls <= last)));
            return [.. buckets];
        }
    }

    /// <summary>The figures over everything that was stored.</summary>
    /// <param name="cycle">The last cycle.</param>
    internal static RecallFigures Of(MemoryLedger ledger, ImmutableArray<AuditedMemory> memories, int cycle, int staleAfter) =>
        new(
            ledger.Recalls,
            ledger.Searches,
            [.. memories.Where(m => m.Chances > 0).OrderByDescending(m => m.Recalls)],
            staleAfter,
            [.. memories.Where(m => m.IsRecallable && Math.Max(m.Cycle, m.LastRecall) <= cycle - staleAfter)]
        );

    private double[]? Over(Func<AuditedMemory, double> weight)
    {
        double[] weights = [.. Reachable.Select(weight)];
        var sum = weights.Sum();
        return sum > 0 ? [.. weights.Select(w => w / sum)] : null;
    }
}
