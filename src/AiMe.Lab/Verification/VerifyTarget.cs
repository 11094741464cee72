using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Journal;

namespace AiMe.Lab.Verification;

/// <summary>
/// Resolves the target of <c>verify</c> from the names of streams alone, so that a damaged supervisor does not hide its
/// run.
/// </summary>
public static class VerifyTarget
{
    /// <summary>The runs that have streams in a store, each with its instances; in ordinal order.</summary>
    public static async Task<ImmutableSortedDictionary<string, ImmutableArray<string>>> ListAsync(
        EventStore store,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(store);
        var map = new StoreMap();
        foreach (PersistenceId id in await store.Journal.PersistenceIdsAsync("", cancellationToken))
            map.Add(id);
        return map
            .Supervisors.Keys.Union(map.Instances.Keys, StringComparer.Ordinal)
            .ToImmutableSortedDictionary(
                run => run,
                run => map.Instances.TryGetValue(run, out var instances) ? instances.ToImmutableArray() : [],
                StringComparer.Ordinal
            );
    }
}
