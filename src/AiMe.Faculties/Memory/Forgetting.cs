using System.Collections.Immutable;

namespace AiMe.Faculties.Memory;

/// <summary>Selects the memories that become unrecallable when the capacity is exceeded.</summary>
public static class Forgetting
{
    /// <summary>The ids to forget so that the incoming memories have room; empty if there is room.</summary>
    /// <param name="items">Recallable memories, oldest first.</param>
    /// <param name="incoming">Memories about to be added.</param>
    /// <param name="at">Logical time.</param>
    public static ImmutableArray<MemoryId> Surplus(ImmutableArray<MemoryItem> items, int incoming, MemorySettings settings, DateTime at)
    {
        var surplus = items.Length + incoming - settings.Capacity;
        if (surplus <= 0)
            return [];
        IEnumerable<MemoryItem> ordered = settings.Forget switch
        {
            ForgetPolicy.Oldest => items,
            // OrderBy is stable: ties go to the oldest
            ForgetPolicy.Weakest => items.OrderBy(item => item.Importance * Ranking.Recency(item, settings, at)),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        return [.. ordered.Take(surplus).Select(item => item.Id)];
    }
}
