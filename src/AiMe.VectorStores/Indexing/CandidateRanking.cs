using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Faculties.Memory;

namespace AiMe.VectorStores.Indexing;

/// <summary>What a store proposes for a query.</summary>
/// <param name="Nearest">The memories with the greatest cosine, without those that have no direction.</param>
/// <param name="Others">Further ones to measure: those with the least cosine, which the scale needs, and those without one.</param>
/// <param name="IsBound">Whether no memory outside has a greater cosine than the last of <paramref name="Nearest"/>.</param>
internal sealed record Proposal(IReadOnlySet<MemoryId> Nearest, IReadOnlySet<MemoryId> Others, bool IsBound);

/// <summary>Ranks as <see cref="Ranking"/> does, and measures as few memories as the proposal of a store allows.</summary>
/// <remarks>
/// Recency and importance of every memory are known from the view, and so is what a memory scores at most if its cosine is at most
/// that of the last one proposed. A memory is measured if that could bring it among the best: the threshold algorithm of Fagin, Lotem
/// and Naor 2003. So the result is that of a scan, provided that the nearest and the farthest proposed are so. Cosines are computed
/// from the view's own vectors.
/// </remarks>
internal static class CandidateRanking
{
    /// <summary>How far a store's cosine, in single precision, may be from ours.</summary>
    private const double Rounding = 1e-5;

    /// <summary>Newest memories that are always measured: an eventually consistent store does not know them yet.</summary>
    public const int Newest = 8;

    /// <summary>The best memories for a query, best first, as <see cref="Ranking.Best"/> gives them.</summary>
    /// <param name="measured">Number of memories whose cosine was computed.</param>
    public static ImmutableArray<Hit> Best(MemoryView view, Embedding query, Proposal proposal, out int measured)
    {
        var (items, w) = (view.Items, view.Settings);
        var recency = Scaled(items, item => Ranking.Recency(item, w, view.At));
        var importance = Scaled(items, item => item.Importance);
        var cosines = new double[items.Length];
        Array.Fill(cosines, double.NaN);

        var last = double.PositiveInfinity;
        for (var i = 0; i < items.Length; i++)
        {
            var isNear = proposal.Nearest.Contains(items[i].Id);
            if (!isNear && !proposal.Others.Contains(items[i].Id) && i < items.Length - Newest)
                continue;
            cosines[i] = Cosine(items[i], query);
            last = isNear ? Math.Min(last, cosines[i]) : last;
        }

        var scale = ScaleOf(cosines);
        var bound = proposal.IsBound && !double.IsPositiveInfinity(last) ? scale.Of(last + Rounding) : double.PositiveInfinity;
        PriorityQueue<int, double> best = new();
        for (var i = 0; i < items.Length; i++)
            Offer(best, w.Recall, i, double.IsNaN(cosines[i]) ? double.NaN : Score(i, scale.Of(cosines[i])));
        for (var i = items.Length - 1; i >= 0; i--) // the newest are the likeliest
        {
            if (!double.IsNaN(cosines[i]) || best.Count == w.Recall && Score(i, bound) + Rounding < Least(best))
                continue;
            cosines[i] = Cosine(items[i], query);
            Offer(best, w.Recall, i, Score(i, scale.Of(cosines[i])));
        }

        // A store that does not find the extremes has another scale now.
        scale = ScaleOf(cosines);
        (double Score, int At)[] ranks =
        [
            .. Enumerable.Range(0, items.Length).Where(i => !double.IsNaN(cosines[i])).Select(i => (Score(i, scale.Of(cosines[i])), i)),
        ];
        Array.Sort(ranks, (a, b) => b.CompareTo(a));
        measured = ranks.Length;
        return
        [
            .. ranks
                .Take(w.Recall)
                .Select(r => new Hit(items[r.At].Id, items[r.At].Text, r.Score, recency[r.At], importance[r.At], scale.Of(cosines[r.At]))),
        ];

        double Score(int i, double relevance) =>
            w.Recency * recency[i] + w.Importance * importance[i] + (w.Relevance == 0 ? 0 : w.Relevance * relevance);
    }

    private static double Least(PriorityQueue<int, double> best) => best.TryPeek(out _, out var least) ? least : double.NegativeInfinity;

    private static void Offer(PriorityQueue<int, double> best, int most, int item, double score)
    {
        if (double.IsNaN(score))
            return;
        if (best.Count < most)
            best.Enqueue(item, score);
        else
            best.EnqueueDequeue(item, score);
    }

    private static double Cosine(MemoryItem item, Embedding query) => Ranking.Relevance(item.Embedding.Cosine(query));

    private static double[] Scaled(ImmutableArray<MemoryItem> items, Func<MemoryItem, double> part)
    {
        var values = new double[items.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = part(items[i]);
        var scale = ScaleOf(values);
        for (var i = 0; i < values.Length; i++)
            values[i] = scale.Of(values[i]);
        return values;
    }

    // Over the values that are not NaN.
    private static Scale ScaleOf(double[] values)
    {
        var scale = Scale.Empty;
        foreach (var value in values)
            scale = double.IsNaN(value) ? scale : scale.Including(value);
        return scale;
    }
}
