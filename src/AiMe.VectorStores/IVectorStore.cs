using System.Collections.Immutable;
using AiMe.Faculties;

namespace AiMe.VectorStores;

/// <summary>
/// A database of vectors that keeps the memories of instances with their metadata, so that people can query them, and proposes the
/// nearest ones to a search. The journal stays the truth: whatever is here can be written again from it.
/// </summary>
/// <remarks>
/// Every call may be repeated: it has the effect of one. A store that is down, slow or refuses gives a <see cref="VectorStoreException"/>.
/// </remarks>
public interface IVectorStore : IAsyncDisposable
{
    /// <summary>The store in messages: its kind and address, without secrets, such as <c>pgvector at localhost:5432/aime</c>.</summary>
    string Name { get; }

    /// <summary>Whether a search compares with every memory of the instance, rather than with those that an index offers.</summary>
    bool IsExact { get; }

    /// <summary>Creates the table, collection or class if it is missing.</summary>
    /// <param name="dimensions">Components of every vector, 1 or more.</param>
    /// <exception cref="VectorStoreException">It exists with another number of components, or the store does not answer.</exception>
    Task PrepareAsync(int dimensions, CancellationToken cancellationToken);

    /// <summary>Writes memories; one that is there under the same key is replaced.</summary>
    /// <remarks>All are durable when it returns. A search sees them then, unless the store is eventually consistent.</remarks>
    Task UpsertAsync(IReadOnlyList<StoredMemory> memories, CancellationToken cancellationToken);

    /// <summary>The recallable memories of an instance with the greatest cosine to the query, best first.</summary>
    /// <param name="count">At most this many, 1 or more.</param>
    Task<ImmutableArray<MemoryId>> NearestAsync(InstanceKey instance, Embedding query, int count, CancellationToken cancellationToken);

    /// <summary>What is stored of an instance: the digest of each memory's record, as <see cref="StoredMemory.Digest"/> gives it.</summary>
    Task<IReadOnlyDictionary<MemoryId, string>> ListAsync(InstanceKey instance, CancellationToken cancellationToken);

    /// <summary>Removes all memories of an instance.</summary>
    Task DeleteAsync(InstanceKey instance, CancellationToken cancellationToken);

    /// <summary>What is there. It may be called before <see cref="PrepareAsync"/>, and changes nothing.</summary>
    /// <param name="dimensions">Components of every vector of a run, 1 or more; null if they are not known, and then not compared.</param>
    /// <exception cref="VectorStoreException">The store does not answer, or does not let anybody ask.</exception>
    Task<StoreDescription> DescribeAsync(int? dimensions, CancellationToken cancellationToken);

    /// <summary>Number of memories of a run, of all its instances; 0 if there is no table, collection or class.</summary>
    Task<long> CountAsync(string run, CancellationToken cancellationToken);

    /// <summary>Removes all memories of a run and of no other. Without a table, collection or class there is nothing to do.</summary>
    Task DeleteRunAsync(string run, CancellationToken cancellationToken);
}

/// <summary>Whose memories: names are unique within a run, and runs share a store.</summary>
public readonly record struct InstanceKey(string Run, string Instance)
{
    /// <inheritdoc />
    public override string ToString() => $"{Run}/{Instance}";
}
