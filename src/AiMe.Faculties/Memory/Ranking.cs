using System.Collections.Immutable;

namespace AiMe.Faculties.Memory;

/// <summary>
/// Ranks memories by recency + importance + relevance, each scaled to [0, 1] over the recallable memories and weighted.
/// </summary>
/// <remarks>
/// Source: Park et al. 2023, section 4.1. Min-max scaling; if all values of a part are equal, each is scaled to 0.
/// </remarks>
public static class Ranking
{
    /// <summary>
    /// The best memories for a query, best first, at most <see cref="MemorySettings.Recall"/>. Ties go to the newer
    /// memory.
    /// </summary>
    public static ImmutableArray<Hit> Best(MemoryView view, Embedding query)
    {
        ArgumentNullException.ThrowIfNull(view);
        if (view.Items.IsEmpty || view.Settings.Recall == 0)
            return [];

        var (items, w) = (view.Items, view.Settings);
        var recency = Scaled(items, item => Recency(item, w, view.At));
        var importance = Scaled(items, item => item.Importance);
        var relevance = Scaled(items, item => item.Embedding.Cosine(query) is var cosine && double.IsNaN(cosine) ? 0 : cosine);

        var ranks = new (double Score, int At)[items.Length];
        for (var i = 0; i < ranks.Length; i++)
            ranks[i] = (w.Recency * recency[i] + w.Importance * importance[i] + w.Relevance * relevance[i], i);
        Array.Sort(ranks, (a, b) => b.CompareTo(a));
        return
        [
            .. ranks
                .Take(w.Recall)
                .Select(r => new Hit(items[r.At].Id, items[r.At].Text, r.Score, recency[r.At], importance[r.At], relevance[r.At])),
        ];
    }

    /// <summary>decay to the power of the logical hours since the memory was last used, in (0, 1].</summary>
    public static double Recency(MemoryItem item, MemorySettings settings, DateTime at) =>
        StrictMath.Pow(settings.Decay, Math.Max(0, (at - item.Used).Ticks) / (double)TimeSpan.TicksPerHour);

    private static double[] Scaled(ImmutableArray<MemoryItem> items, Func<MemoryItem, double> part)
    {
        var values = new double[items.Length];
        var (least, greatest) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = part(items[i]);
            (least, greatest) = (Math.Min(least, values[i]), Math.Max(greatest, values[i]));
        }

        for (var i = 0; i < values.Length; i++)
            values[i] = greatest > least ? (values[i] - least) / (greatest - least) : 0;
        return values;
    }
}
