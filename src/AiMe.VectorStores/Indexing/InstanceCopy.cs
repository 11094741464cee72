using System.Collections.Immutable;
using AiMe.Faculties;

namespace AiMe.VectorStores.Indexing;

/// <summary>Brings what a store holds of one instance up to date with the journal. One search at a time uses it.</summary>
/// <remarks>
/// At first it compares what the store holds with the journal, so that nothing is written twice after a restart; from then on it writes
/// what the journal has in addition. What could not be written stays to be written.
/// </remarks>
internal sealed class InstanceCopy(IVectorStore store, MemoryRecords records)
{
    private readonly OrderedDictionary<MemoryId, StoredMemory> _toWrite = [];
    private readonly HashSet<MemoryId> _undirected = [];
    private bool _isCompared;

    /// <summary>The sequence number of the last event of the journal that is in the store or to be written.</summary>
    public long SequenceNumber => records.SequenceNumber;

    /// <summary>Memories without a direction, which a store finds by chance: the empty ones.</summary>
    public IReadOnlySet<MemoryId> Undirected => _undirected;

    /// <summary>Writes what the journal has and the store lacks, or has in another form.</summary>
    /// <exception cref="VectorStoreException">The store did not take it; the next call tries again.</exception>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        foreach (var memory in await records.ReadOnAsync(cancellationToken))
        {
            _toWrite[memory.Id] = memory;
            if (memory.Vector.Components.All(c => c == 0))
                _undirected.Add(memory.Id);
        }

        if (!_isCompared)
            await CompareAsync(cancellationToken);
        if (_toWrite.Count == 0)
            return;
        await store.UpsertAsync([.. _toWrite.Values], cancellationToken);
        _toWrite.Clear();
    }

    /// <summary>The recallable memories that are nearest to a query in the store.</summary>
    public Task<ImmutableArray<MemoryId>> NearestAsync(Embedding query, int count, CancellationToken cancellationToken) =>
        store.NearestAsync(records.Owner, query, count, cancellationToken);

    // Everything is to be written when this begins.
    private async Task CompareAsync(CancellationToken cancellationToken)
    {
        var held = await store.ListAsync(records.Owner, cancellationToken);
        if (held.Keys.Any(id => !_toWrite.ContainsKey(id)))
            await store.DeleteAsync(records.Owner, cancellationToken); // of a journal that was put back to an earlier state
        else
        {
            foreach (var (id, digest) in held)
            {
                if (_toWrite[id].Digest == digest)
                    _toWrite.Remove(id);
            }
        }

        _isCompared = true;
    }
}
