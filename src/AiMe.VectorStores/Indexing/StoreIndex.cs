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
/// answered by the embedded scan, or repeated until it is answered. Of each instance that is searched there is a copy in this process,
/// until it is released; the next search reads it from the journal again.
/// </remarks>
/// <param name="store">Disposed with this index.</param>
/// <param name="embedded">Answers in place of the store.</param>
/// <param name="recordsOf">Opens the records of an instance, at their beginning.</param>
public sealed class StoreIndex(
    IVectorStore store,
    IMemoryIndex embedded,
    Func<string, CancellationToken, Task<MemoryRecords>> recordsOf,
    StoreIndexOptions options,
    IIndexFailures failures,
    TimeProvider time
) : IMemoryIndex, IAsyncDisposable
{
    private const int Farthest = 8;

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(500),
        LongestWait = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, SearchedInstance> _slots = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _preparing = new(1);
    private readonly StorePause _pause = new(time);
    private int _prepared,
        _failed; // since when what the store holds has to be compared again

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

    /// <summary>Number of instances of which there is a copy in this process.</summary>
    public int Copies => _slots.Values.Count(slot => slot.Copy is not null);

    /// <summary>
    /// Writes what the journal has in addition of the instances that were searched, at the end of a session, and releases their copies.
    /// </summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var slot in _slots.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => s.Value))
            {
                if (await IsWrittenAsync(slot, cancellationToken))
                    continue;
                await PrepareAsync(slot.Dimensions, cancellationToken);
                await InTurnAsync(slot, copy => WriteAndReleaseAsync(slot, copy, cancellationToken), cancellationToken);
            }
        }
        catch (VectorStoreException failure)
        {
            await failures.FailedAsync(failure, cancellationToken);
        }
    }

    /// <summary>Writes what the journal has in addition of an instance, and releases its copy, also if the store does not answer.</summary>
    /// <remarks>What could not be written, <see cref="CatchUpAsync"/> writes.</remarks>
    public async Task ReleaseAsync(string instance, CancellationToken cancellationToken)
    {
        if (!_slots.TryGetValue(instance, out var slot))
            return;
        await slot.Turn.WaitAsync(cancellationToken);
        try
        {
            if (slot.Copy is { } copy && slot.Failed == Volatile.Read(ref _failed) && _pause.Current is null)
                await WriteAndReleaseAsync(slot, copy, cancellationToken);
        }
        catch (VectorStoreException failure)
        {
            // No search failed: it is recorded if the last writing fails too.
            _pause.Begin(failure);
            CompareAgain();
        }
        finally
        {
            slot.Copy = null;
            slot.Turn.Release();
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        // A search that is still under way ends with the store, and gives back its turn: the semaphores hold nothing of the system's.
        _slots.Clear();
        return store.DisposeAsync();
    }

    private static async Task WriteAndReleaseAsync(SearchedInstance slot, InstanceCopy copy, CancellationToken cancellationToken)
    {
        await copy.CatchUpAsync(cancellationToken);
        (slot.Copy, slot.WrittenUpTo) = (null, copy.SequenceNumber);
    }

    // A released copy is not read again for nothing.
    private async Task<bool> IsWrittenAsync(SearchedInstance slot, CancellationToken cancellationToken) =>
        slot is { Copy: null, WrittenUpTo: { } written }
        && slot.Failed == Volatile.Read(ref _failed)
        && await (await recordsOf(slot.Instance, cancellationToken)).HighestAsync(cancellationToken) == written;

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
            var failed = Volatile.Read(ref _failed);
            if (slot.Failed != failed)
                (slot.Copy, slot.Failed) = (null, failed);
            slot.Copy ??= new InstanceCopy(store, await recordsOf(slot.Instance, cancellationToken));
            slot.WrittenUpTo = null;
            await run(slot.Copy);
        }
        catch (VectorStoreException)
        {
            slot.Copy = null;
            CompareAgain();
            throw;
        }
        finally
        {
            slot.Turn.Release();
        }
    }

    // After a failure the store may have lost something, of any instance.
    private void CompareAgain()
    {
        Interlocked.Increment(ref _failed);
        Volatile.Write(ref _prepared, 0);
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

        /// <summary>Null before the first search, and after it was released.</summary>
        public InstanceCopy? Copy { get; set; }

        /// <summary>The last event that the store has of a released copy; null if that is not known.</summary>
        public long? WrittenUpTo { get; set; }

        /// <summary>How often the store had failed when the copy was made.</summary>
        public int Failed { get; set; }
    }
}
