using AiMe.Faculties;
using AiMe.Journal;
using AiMe.Lab.Analysis.Lineage;
using AiMe.Lab.History;

namespace AiMe.Lab.Upkeep;

/// <summary>Checkpoints that no instance will use again unless a user asks for them.</summary>
/// <remarks>
/// These stay: generation 0, every champion, the champion at which a fork began, and all checkpoints of an instance that
/// is not at rest, or whose run a process holds.
/// </remarks>
internal static class SupersededCheckpoints
{
    /// <summary>Their digests.</summary>
    public static async Task<HashSet<string>> FindAsync(EventStore store, CancellationToken cancellationToken)
    {
        var (made, kept) = (new HashSet<ModelId>(), new HashSet<ModelId>());
        var holders = (await store.Ownership.HoldersAsync(cancellationToken)).Where(h => h.IsAlive).Select(h => h.Owner.Name).ToList();
        foreach (var run in await InstanceReader.RunsAsync(store.Journal, cancellationToken))
        {
            if (await InstanceReader.ReadRunAsync(store.Journal, run, cancellationToken) is not { } state)
                continue;
            var lineages = await LineageReader.ReadAsync(store.Journal, state, cancellationToken);
            var isHeld = holders.Exists(n => n == run || n.StartsWith($"{run}/", StringComparison.Ordinal));
            foreach (var lineage in lineages)
            {
                made.UnionWith(lineage.Checkpoints.Select(c => c.Id));
                kept.Add(lineage.Base);
                kept.Add(lineage.Champion);
                var instance = state.Instances[lineage.Instance];
                if (isHeld || !instance.IsAtRest)
                    kept.UnionWith(lineage.Models);
                if (instance.Parent is { } parent && lineages.FirstOrDefault(l => l.Instance == parent) is { } original)
                    kept.Add(LastShared(original, lineage));
            }
        }

        made.ExceptWith(kept);
        return [.. made.Select(m => m.Value)];
    }

    private static ModelId LastShared(InstanceLineage parent, InstanceLineage fork) =>
        parent.Champions.Zip(fork.Champions).TakeWhile(c => c.First == c.Second).Last().First;
}
