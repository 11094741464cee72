using System.Collections.Immutable;

namespace AiMe.Faculties.Memory;

/// <summary>
/// Ranks memories by recency + importance + relevance, each scaled to [0, 1] over the recallable memories and weighted.
/// </summary>
/// <remarks>
/// Source: Park et al. 2023, section 4.1. Min-max scaling; if all values of a part are equal, each is scaled to 0. A faster index
/// must give the same bits, so it uses the public parts of this class for what it returns.
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
        var relevance = Scaled(items, item => Relevance(item.Embedding.Cosine(query)));

        var ranks = new (double Score, int At)[items.Length];
        for (var i = 0; i < ranks.Length; i++)
            ranks[i] = (Score(w, recency[i], importance[i], relevance[i]), i);
        Array.Sort(ranks, (a, b) => b.CompareTo(a));
        return
        [
            .. ranks
                .Take(w.Recall)
                .Select(r => new Hit(items[r.At].Id, items[r.At].Text, r.Score, recency[r.At], importance[r.At], relevance[r.At])),
        ];
    }

    /// <summary>decay to the power of the logical hours since the memory was last used, in (0, 1].</summary>
    public static double Recency(MemoryItem item, MemorySettings settings, DateTime at) => Recency((at - item.Used).Ticks, settings.Decay);

    /// <summary>decay to the power of an age in ticks of logical time, in (0, 1]; an age below 0 counts as 0.</summary>
    public static double Recency(long age, double decay) => StrictMath.Pow(decay, Math.Max(0, age) / (double)TimeSpan.TicksPerHour);

    /// <summary>The relevance of a cosine, in [-1, 1]: an undefined cosine (NaN) has the relevance 0.</summary>
    public static double Relevance(double cosine) => double.IsNaN(cosine) ? 0 : cosine;

    /// <summary>The weighted sum of the three scaled parts, added in this order.</summary>
    public static double Score(MemorySettings settings, double recency, double importance, double relevance)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings.Recency * recency + settings.Importance * importance + settings.Relevance * relevance;
    }

    private static double[] Scaled(ImmutableArray<MemoryItem> items, Func<MemoryItem, double> part)
    {
        var values = new double[items.Length];
        var scale = Scale.Empty;
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = part(items[i]);
            scale = scale.Including(values[i]);
        }

        for (var i = 0; i < values.Length; i++)
            values[i] = scale.Of(values[i]);
        return values;
    }
}
