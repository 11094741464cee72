using System.Collections.Immutable;

namespace AiMe.Mind;

/// <summary>Recall = recency + importance + relevance, each scaled to [0, 1] over what can be recalled, with the weights of the settings.</summary>
/// <remarks>Source: Park et al. 2023, section 4.1. Min-max scaling; where all are equal, each is 0 (the part does not discriminate).</remarks>
public static class Ranking
{
    /// <summary>The best memories for a query, best first; at most <see cref="MemorySettings.Recall"/>. Ties go to the newer memory.</summary>
    public static ImmutableArray<Hit> Best(MemoryView view, Embedding query)
    {
        ArgumentNullException.ThrowIfNull(view);
        if (view.Items.IsEmpty || view.Settings.Recall == 0)
            return [];

        var recency = Scaled(view.Items, item => Recency(item, view.Settings, view.At));
        var importance = Scaled(view.Items, item => item.Importance);
        var relevance = Scaled(view.Items, item => item.Embedding.Cosine(query) is var cosine && double.IsNaN(cosine) ? 0 : cosine);
        var w = view.Settings;
        return
        [
            .. view.Items
                .Select((item, i) => (At: i, Hit: new Hit(
                    item.Id,
                    item.Text,
                    w.Recency * recency[i] + w.Importance * importance[i] + w.Relevance * relevance[i],
                    recency[i],
                    importance[i],
                    relevance[i])))
                .OrderByDescending(x => x.Hit.Score)
                .ThenByDescending(x => x.At)
                .Take(w.Recall)
                .Select(x => x.Hit),
        ];
    }

    /// <summary>decay to the power of the logical hours since the memory was last used, in (0, 1].</summary>
    public static double Recency(MemoryItem item, MemorySettings settings, DateTime at) =>
        StrictMath.Pow(settings.Decay, Math.Max(0, (at - item.Used).Ticks) / (double)TimeSpan.TicksPerHour);

    private static double[] Scaled(ImmutableList<MemoryItem> items, Func<MemoryItem, double> part)
    {
        var values = items.Select(part).ToArray();
        var (least, greatest) = (values.Min(), values.Max());
        for (var i = 0; i < values.Length; i++)
            values[i] = greatest > least ? (values[i] - least) / (greatest - least) : 0;
        return values;
    }
}
