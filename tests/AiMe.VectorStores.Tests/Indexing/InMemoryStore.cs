using System.Collections.Immutable;
using AiMe.Faculties;

namespace AiMe.VectorStores.Tests.Indexing;

/// <summary>A store in this process: exact, unless it is told to miss some; and it can be down, slow to show, or lose everything.</summary>
internal sealed class InMemoryStore : IVectorStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, StoredMemory> _memories = [];

    public string Name => "the store of the test";

    public bool IsExact => Misses == 0;

    /// <summary>Share of the memories that a search does not see, as of an approximate index.</summary>
    public double Misses { get; init; }

    /// <summary>Why it does not answer; null if it does.</summary>
    public VectorStoreException? Down { get; set; }

    public int Written { get; private set; }

    public int Asked { get; private set; }

    /// <summary>How often the memories of an instance were listed, to be compared with a journal.</summary>
    public int Listed { get; private set; }

    public IReadOnlyList<StoredMemory> Memories
    {
        get
        {
            lock (_lock)
                return [.. _memories.Values];
        }
    }

    public static VectorStoreException Unreachable { get; } = new("the store of the test: there is no connection.") { IsTransient = true };

    public void Lose()
    {
        lock (_lock)
            _memories.Clear();
    }

    public Task PrepareAsync(int dimensions, CancellationToken cancellationToken) => Answer(() => true);

    public Task UpsertAsync(IReadOnlyList<StoredMemory> memories, CancellationToken cancellationToken) =>
        Answer(() =>
        {
            foreach (var memory in memories)
                _memories[memory.Key] = memory;
            return Written += memories.Count;
        });

    public Task<ImmutableArray<MemoryId>> NearestAsync(
        InstanceKey instance,
        Embedding query,
        int count,
        CancellationToken cancellationToken
    ) =>
        Answer(() =>
        {
            Asked++;
            return _memories
                .Values.Where(m => m.Owner == instance && m.Recallable && !IsMissed(m))
                .OrderByDescending(m => (float)m.Vector.Cosine(query) is var cosine && float.IsNaN(cosine) ? float.MinValue : cosine)
                .ThenBy(m => m.Key)
                .Take(count)
                .Select(m => m.Id)
                .ToImmutableArray();
        });

    public Task<IReadOnlyDictionary<MemoryId, string>> ListAsync(InstanceKey instance, CancellationToken cancellationToken) =>
        Answer<IReadOnlyDictionary<MemoryId, string>>(() =>
        {
            Listed++;
            return _memories.Values.Where(m => m.Owner == instance).ToDictionary(m => m.Id, m => m.Digest);
        });

    public Task DeleteAsync(InstanceKey instance, CancellationToken cancellationToken) =>
        Answer(() =>
        {
            foreach (var gone in _memories.Values.Where(m => m.Owner == instance).ToArray())
                _memories.Remove(gone.Key);
            return true;
        });

    public Task<StoreDescription> DescribeAsync(int? dimensions, CancellationToken cancellationToken) =>
        Answer(() => new StoreDescription(null, "store", "of the test", true, dimensions, "cosine", _memories.Count, Refusal: null));

    public Task<long> CountAsync(string run, CancellationToken cancellationToken) =>
        Answer<long>(() => _memories.Values.Count(m => m.Owner.Run == run));

    public Task DeleteRunAsync(string run, CancellationToken cancellationToken) =>
        Answer(() =>
        {
            foreach (var gone in _memories.Values.Where(m => m.Owner.Run == run).ToArray())
                _memories.Remove(gone.Key);
            return true;
        });

    /// <summary>How often it was disposed.</summary>
    public int Disposed { get; private set; }

    public ValueTask DisposeAsync()
    {
        Disposed++;
        return ValueTask.CompletedTask;
    }

    private bool IsMissed(StoredMemory memory) => BitConverter.ToUInt16(memory.Key.ToByteArray()) < Misses * ushort.MaxValue;

    private Task<T> Answer<T>(Func<T> answer)
    {
        lock (_lock)
            return Down is { } failure ? Task.FromException<T>(failure) : Task.FromResult(answer());
    }
}
