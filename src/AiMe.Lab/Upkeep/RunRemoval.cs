using System.Collections.Immutable;
using System.Security.Cryptography;
using AiMe.EventSourcing;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.History;
using AiMe.Lab.Runs;
using AiMe.Lab.Runs.Identities;
using AiMe.Models;
using AiMe.VectorStores;

namespace AiMe.Lab.Upkeep;

/// <summary>What the removal of a run removes, and what stays.</summary>
/// <param name="Blobs">Blobs to which only this run refers.</param>
/// <param name="SharedBlobs">Blobs to which other runs refer too; they stay.</param>
/// <param name="Limits">Times from which on blobs stay.</param>
public sealed record RunContent(
    string Run,
    int Instances,
    int Forks,
    long Events,
    long EventBytes,
    int Inbox,
    ImmutableArray<(BlobId Id, long Bytes)> Blobs,
    int SharedBlobs,
    BlobAges Limits
)
{
    /// <summary>Bytes of events and blobs.</summary>
    public long Bytes => EventBytes + Blobs.Sum(b => b.Bytes);
}

/// <summary>Removes a run from a store. Nothing of another run refers to it: forks belong to the run of their parent.</summary>
public static class RunRemoval
{
    /// <summary>Reads what would be removed. Changes nothing.</summary>
    public static async Task<RunContent> FindAsync(
        EventStore store,
        SupervisorState run,
        IProgress<long>? progress,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(run);
        var name = run.Plan!.Run;
        var (own, others) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        var (events, bytes, read) = (0L, 0L, 0L);
        var limits = await BlobAges.NowAsync(store, cancellationToken);
        await foreach (var row in store.Journal.ReadAllAsync(0, cancellationToken))
        {
            var isOwn = row.PersistenceId.Value.StartsWith($"{name}/", StringComparison.Ordinal);
            RowDigests.AddTo(isOwn ? own : others, row.Message.Span);
            (events, bytes) = isOwn ? (events + 1, bytes + row.Message.Length) : (events, bytes);
            if (++read % 10_000 == 0)
                progress?.Report(read);
        }

        var blobs = store.Blobs.All().Where(b => own.Contains(b.Id.Sha256)).ToList();
        return new(
            name,
            run.Instances.Count,
            run.Instances.Values.Count(i => i.Parent is not null),
            events,
            bytes,
            (await store.Inbox.WaitingAsync(name, cancellationToken)).Length,
            [
                .. blobs
                    .Where(b => !others.Contains(b.Id.Sha256) && b.WrittenUtc < LimitOf(run.Plan, b.Id, limits))
                    .Select(b => (b.Id, b.Bytes)),
            ],
            blobs.Count(b => others.Contains(b.Id.Sha256)),
            limits
        );
    }

    /// <summary>
    /// Removes a run: its memories in a vector store, its rows in one transaction, then its saved replies and the blobs that only it
    /// refers to.
    /// </summary>
    /// <param name="vectors">The run's vector store, if its memories there go too; null if they stay.</param>
    /// <returns>Removed blobs and their bytes.</returns>
    /// <remarks>
    /// If it is interrupted before the transaction, the run is as it was: the next session writes its memories to the store again. After
    /// the transaction, <c>aime gc</c> removes the blobs.
    /// </remarks>
    /// <exception cref="AlreadyOwnedException">A process hosts the run; nothing was removed.</exception>
    /// <exception cref="VectorStoreException">The vector store failed; nothing else was removed.</exception>
    public static async Task<(int Blobs, long Bytes)> RemoveAsync(
        EventStore store,
        SupervisorState run,
        RunContent content,
        IVectorStore? vectors,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(content);
        var writer = WriterId.Of(RandomNumberGenerator.GetHexString(WriterId.Digits, lowercase: true));
        var names = await NamesAsync(store, run, cancellationToken);
        var held = await store.Ownership.ClaimAsync(names, OwnerInfo.Here(writer), cancellationToken);
        try
        {
            if (vectors is not null)
                await vectors.DeleteRunAsync(content.Run, cancellationToken);
            await store.RemoveRunAsync(content.Run, cancellationToken);
        }
        finally
        {
            await store.Ownership.ReleaseAsync(held, writer, CancellationToken.None);
        }

        ReplyCache.Forget(PreparedOpenAi.RepliesOf(content.Run, store));
        new IdentityLog(store, content.Run).Remove();
        var removed = content
            .Blobs.Where(b => store.Blobs.Remove(b.Id, LimitOf(run.Plan!, b.Id, content.Limits), leaveMark: false))
            .ToList();
        return (removed.Count, removed.Sum(b => b.Bytes));
    }

    // Another process may be preparing a run of the same corpus and base models.
    private static DateTime LimitOf(RunPlan plan, BlobId blob, BlobAges limits) =>
        plan.Bases.Any(b => b.Value == blob.Sha256)
        || blob.Sha256 == (plan.Origin as ModelOrigin.Nano)?.Corpus
        || blob.Sha256 == plan.Origin?.Identity?.Data
        || plan.Charters?.Any(c => blob.Sha256 == c.Identity?.Data) == true
        || blob.Sha256 == (plan.Origin as ModelOrigin.Hosted)?.HeldOut?.Data
            ? limits.UnusedUtc
            : limits.OwnUtc;

    // Of the run and of each shard, as its hosts own it.
    private static async Task<ImmutableArray<string>> NamesAsync(EventStore store, SupervisorState run, CancellationToken cancellationToken)
    {
        RunFollower follower = new(store.Journal, run.Plan!.Run);
        await follower.CatchUpAsync(cancellationToken);
        var count = follower.Supervisors.FirstOrDefault()?.Shard?.Count ?? 0;
        return
        [
            RunSession.OwnedName(run.Plan.Run, shard: null),
            .. Shard.All(count).Select(s => RunSession.OwnedName(run.Plan.Run, s)),
            .. run.Instances.Keys.Order(StringComparer.Ordinal).Select(i => $"{run.Plan.Run}/{i}"),
        ];
    }
}
