using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Journal;
using AiMe.Lab.History;

namespace AiMe.Lab.Upkeep;

/// <summary>Blobs that can be removed.</summary>
/// <param name="Unused">No event refers to them.</param>
/// <param name="Superseded">Weights that no instance will use again; empty unless they were asked for.</param>
/// <param name="Young">Unused blobs that stay, because a process may be about to refer to them.</param>
/// <param name="Limits">Times from which on blobs stay.</param>
public sealed record BlobsFound(
    ImmutableArray<(BlobId Id, long Bytes)> Unused,
    ImmutableArray<(BlobId Id, long Bytes)> Superseded,
    int Young,
    BlobAges Limits
);

/// <summary>Blobs that were written at these times or later stay. The times are those of the file system's clock.</summary>
/// <param name="UnusedUtc">For blobs that a process may write before it claims a run: its corpus and its base model.</param>
/// <param name="OwnUtc">For blobs that only the owner of a run writes.</param>
public sealed record BlobAges(DateTime UnusedUtc, DateTime OwnUtc)
{
    /// <summary>The times now. They are taken before the journal is read.</summary>
    public static async Task<BlobAges> NowAsync(EventStore store, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        var now = store.Blobs.NowUtc(); // first: a process that claims a run from here on writes later
        var isHosted = (await store.Ownership.HoldersAsync(cancellationToken)).Any(h => h.IsAlive);
        return new(now - BlobCollection.Grace, isHosted ? now - BlobCollection.Grace : now);
    }
}

/// <summary>Collects the blobs of a store to which no event refers.</summary>
/// <remarks>
/// A process writes a blob first and the event that refers to it afterwards. So an unused blob is removed only if it is
/// older than <see cref="Grace"/>, by the file system's clock and before the journal is read.
/// </remarks>
public static class BlobCollection
{
    /// <summary>Greatest time between a blob and the event that refers to it.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    /// <summary>Finds what can be removed. Writes nothing but a trial file.</summary>
    /// <param name="superseded">Whether superseded checkpoints are looked for too.</param>
    /// <param name="progress">Receives the number of events read so far, from time to time.</param>
    public static async Task<BlobsFound> FindAsync(
        EventStore store,
        bool superseded,
        IProgress<long>? progress,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(store);
        var limits = await BlobAges.NowAsync(store, cancellationToken);
        var blobs = store.Blobs.All().ToList();
        var waiting = await WaitingAsync(store, cancellationToken); // before the journal: an input may become an event meanwhile
        var used = await ReferencesAsync(store, progress, cancellationToken);
        used.UnionWith(waiting);
        var old = superseded ? await SupersededCheckpoints.FindAsync(store, cancellationToken) : [];
        old.ExceptWith(waiting);
        var unused = blobs.Where(b => !used.Contains(b.Id.Sha256)).ToList();
        return new(
            [.. unused.Where(b => b.WrittenUtc < limits.UnusedUtc).Select(b => (b.Id, b.Bytes))],
            [.. blobs.Where(b => old.Contains(b.Id.Sha256) && b.WrittenUtc < limits.OwnUtc).Select(b => (b.Id, b.Bytes))],
            unused.Count(b => b.WrittenUtc >= limits.UnusedUtc),
            limits
        );
    }

    /// <summary>Removes what was found. A blob that was written since then stays.</summary>
    /// <returns>Removed blobs and bytes.</returns>
    public static (int Unused, int Superseded, long Bytes) Remove(EventStore store, BlobsFound found)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(found);
        var (unused, superseded, bytes) = (0, 0, 0L);
        foreach (var (id, size) in found.Unused.Where(b => store.Blobs.Remove(b.Id, found.Limits.UnusedUtc, leaveMark: false)))
            (unused, bytes) = (unused + 1, bytes + size);
        foreach (var (id, size) in found.Superseded.Where(b => store.Blobs.Remove(b.Id, found.Limits.OwnUtc, leaveMark: true)))
            (superseded, bytes) = (superseded + 1, bytes + size);
        return (unused, superseded, bytes);
    }

    private static async Task<HashSet<string>> ReferencesAsync(
        EventStore store,
        IProgress<long>? progress,
        CancellationToken cancellationToken
    )
    {
        var (used, read) = (new HashSet<string>(StringComparer.Ordinal), 0L);
        await foreach (var row in store.Journal.ReadAllAsync(0, cancellationToken))
        {
            RowDigests.AddTo(used, row.Message.Span);
            if (++read % 10_000 == 0)
                progress?.Report(read);
        }

        return used;
    }

    // Digests in inputs that no host has taken, such as a request for another champion.
    private static async Task<HashSet<string>> WaitingAsync(EventStore store, CancellationToken cancellationToken)
    {
        HashSet<string> waiting = new(StringComparer.Ordinal);
        foreach (var run in await InstanceReader.RunsAsync(store.Journal, cancellationToken))
        {
            foreach (var message in await store.Inbox.WaitingAsync(run, cancellationToken))
                RowDigests.AddTo(waiting, message.Input.Span);
        }

        return waiting;
    }
}
