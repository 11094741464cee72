using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Journal;

namespace AiMe.Lab.Verification;

/// <summary>
/// What a name means to <c>verify</c>: by the names of the streams alone, so that a damaged supervisor does not hide its
/// run.
/// </summary>
public static class VerifyTarget
{
    /// <summary>The runs that a store has streams of, each with the lives that it has streams of; in ordinal order.</summary>
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
