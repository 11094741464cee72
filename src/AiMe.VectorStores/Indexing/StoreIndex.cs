using System.Collections.Concurrent;
using System.Collections.Immutable;
using AiMe.Effects;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Models;

namespace AiMe.VectorStores.Indexing;

/// <summary>How a store is searched.</summary>
/// <param name="Candidates">Nearest memories that it is asked for, for each one that is recalled; 1 or more.</param>
/// <param name="Waits">Whether a search waits for a store that does not answer; else the embedded scan takes its place.</param>
public sealed record StoreIndexOptions(int Candidates, bool Waits);

/// <summary>Searches memories in a vector store: the store proposes, and the ranking of the embedded scan decides.</summary>
/// <remarks>
/// Before each search the store gets what the journal has in addition. A search that a store does not answer is recorded, and then
/// answered by the embedded scan, or repeated until it is answered.
/// </remarks>
/// <param name="embedded">Answers in place of the store.</param>
/// <param name="recordsOf">Opens the records of an instance, at their beginning.</param>
public sealed class StoreIndex(
    IVectorStore store,
    IMemoryIndex embedded,
    Func<string, CancellationToken, Task<MemoryRecords>> recordsOf,
    StoreIndexOptions options,
    IIndexFailures failures,
    TimeProvider time
) : IMemoryIndex, IDisposable
{
    private const int Farthest = 8;

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(500),
        LongestWait = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, SearchedInstance> _slots = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _preparing = new(1);
    private readonly StorePause _pause = new(time);
    private int _prepared;

    /// <inheritdoc />
    public async Task<ImmutableArray<ImmutableArray<Hit>>> SearchAsync(
        MemoryView view,
        ImmutableArray<Embedding> queries,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(view);
        if (view.Items.IsEmpty || view.Settings.Recall == 0)
            return await embedded.SearchAsync(view, queries, cancellationToken);
        for (var wait = FirstWait; ; wait = wait * 2 < LongestWait ? wait * 2 : LongestWait)
        {
            try
            {
                if (!options.Waits && _pause.Current is { } unanswered)
                    throw unanswered;
                var found = await AskAsync(view, queries, cancellationToken);
                _pause.End();
                return found;
            }
            catch (VectorStoreException failure)
            {
                _pause.Begin(failure);
                await failures.FailedAsync(failure, cancellationToken);
                if (!options.Waits)
                    return await embedded.SearchAsync(view, queries, cancellationToken);
                if (!failure.IsTransient)
                    throw new ProviderException(failure.Message, failure);
            }

            await failures.PauseAsync(wait, cancellationToken);
        }
    }

    /// <summary>Writes what the journal has in addition of the instances that were searched, at the end of a session.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var slot in _slots.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => s.Value))
            {
                await PrepareAsync(slot.Dimensions, cancellationToken);
                await InTurnAsync(slot, copy => copy.CatchUpAsync(cancellationToken), cancellationToken);
            }
        }
        catch (VectorStoreException failure)
        {
            await failures.FailedAsync(failure, cancellationToken);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _preparing.Dispose();
        foreach (var slot in _slots.Values)
            slot.Turn.Dispose();
    }

    private async Task<ImmutableArray<ImmutableArray<Hit>>> AskAsync(
        MemoryView view,
        ImmutableArray<Embedding> queries,
        CancellationToken cancellationToken
    )
    {
        var dimensions = view.Items[0].Embedding.Components.Length;
        await PrepareAsync(dimensions, cancellationToken);
        var found = ImmutableArray.CreateBuilder<ImmutableArray<Hit>>(queries.Length);
        var slot = _slots.GetOrAdd(view.Instance, instance => new SearchedInstance(instance, dimensions));
        await InTurnAsync(
            slot,
            async copy =>
            {
                await copy.CatchUpAsync(cancellationToken);
                foreach (var query in queries)
                    found.Add(await FindAsync(slot, copy, view, query, cancellationToken));
            },
            cancellationToken
        );
        return found.MoveToImmutable();
    }

    private async Task InTurnAsync(SearchedInstance slot, Func<InstanceCopy, Task> run, CancellationToken cancellationToken)
    {
        await slot.Turn.WaitAsync(cancellationToken);
        try
        {
            slot.Copy ??= new InstanceCopy(store, await recordsOf(slot.Instance, cancellationToken));
            await run(slot.Copy);
        }
        catch (VectorStoreException)
        {
            (slot.Copy, _prepared) = (null, 0); // it may have lost something: it is compared again
            throw;
        }
        finally
        {
            slot.Turn.Release();
        }
    }

    private async Task<ImmutableArray<Hit>> FindAsync(
        SearchedInstance slot,
        InstanceCopy copy,
        MemoryView view,
        Embedding query,
        CancellationToken cancellationToken
    )
    {
        if (query.Components.All(c => c == 0)) // every memory is as near
            return (await embedded.SearchAsync(view, [query], cancellationToken))[0];
        var count = (int)Math.Min((long)options.Candidates * view.Settings.Recall, view.Items.Length);
        var nearest = await copy.NearestAsync(query, count, cancellationToken);
        var opposite = new Embedding([.. query.Components.Select(c => (sbyte)-c)]);
        var farthest =
            count == view.Items.Length && nearest.Length == count
                ? []
                : await copy.NearestAsync(opposite, Math.Min(Farthest, view.Items.Length), cancellationToken);
        if (nearest.Length < count && store.IsExact)
            slot.Copy = null; // it has lost something
        return CandidateRanking.Best(
            view,
            query,
            new Proposal(nearest.Except(copy.Undirected).ToHashSet(), copy.Undirected.Union(farthest).ToHashSet(), nearest.Length >= count),
            out _
        );
    }

    private async Task PrepareAsync(int dimensions, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _prepared) == dimensions)
            return;
        await _preparing.WaitAsync(cancellationToken);
        try
        {
            if (_prepared == dimensions)
                return;
            await store.PrepareAsync(dimensions, cancellationToken);
            Volatile.Write(ref _prepared, dimensions);
        }
        finally
        {
            _preparing.Release();
        }
    }

    private sealed class SearchedInstance(string instance, int dimensions)
    {
        public string Instance => instance;

        public int Dimensions => dimensions;

        public SemaphoreSlim Turn { get; } = new(1);

        public InstanceCopy? Copy { get; set; }
    }
}
