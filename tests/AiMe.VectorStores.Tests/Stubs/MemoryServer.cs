using System.Collections.Immutable;
using AiMe.Faculties;

namespace AiMe.VectorStores.Tests.Stubs;

/// <summary>A store in memory: what the port means, in few lines.</summary>
internal sealed class MemoryServer : StoreServer
{
    private readonly Dictionary<string, Place> _places = new(StringComparer.Ordinal);

    public override bool CanFail => false;

    public override IVectorStore Connect(string place, TimeSpan timeout, int? port = null) =>
        _places.TryGetValue(place, out var known) ? known : _places[place] = new Place(place);

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Place(string place) : IVectorStore
    {
        private readonly Dictionary<Guid, StoredMemory> _memories = [];
        private int? _dimensions;

        public string Name => $"memory at {place}";

        public bool IsExact => true;

        public Task PrepareAsync(int dimensions, CancellationToken cancellationToken)
        {
            _dimensions ??= dimensions;
            return dimensions == _dimensions
                ? Task.CompletedTask
                : Task.FromException(
                    new StoreFailures(Name, key: null).OtherDimensions("collection", place, _dimensions.Value, dimensions)
                );
        }

        public Task UpsertAsync(IReadOnlyList<StoredMemory> memories, CancellationToken cancellationToken)
        {
            foreach (var memory in memories)
                _memories[memory.Key] = memory;
            return Task.CompletedTask;
        }

        public Task<ImmutableArray<MemoryId>> NearestAsync(
            InstanceKey instance,
            Embedding query,
            int count,
            CancellationToken cancellationToken
        ) =>
            Task.FromResult<ImmutableArray<MemoryId>>([
                .. _memories
                    .Values.Where(m => m.Owner == instance && m.Recallable)
                    .OrderByDescending(m => m.Vector.Cosine(query))
                    .Take(count)
                    .Select(m => m.Id),
            ]);

        public Task<IReadOnlyDictionary<MemoryId, string>> ListAsync(InstanceKey instance, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyDictionary<MemoryId, string>>(
                _memories.Values.Where(m => m.Owner == instance).ToDictionary(m => m.Id, m => m.Digest)
            );

        public Task DeleteAsync(InstanceKey instance, CancellationToken cancellationToken)
        {
            foreach (var memory in _memories.Values.Where(m => m.Owner == instance).ToList())
                _memories.Remove(memory.Key);
            return Task.CompletedTask;
        }

        public Task<StoreDescription> DescribeAsync(int? dimensions, CancellationToken cancellationToken) =>
            Task.FromResult(
                new StoreDescription(
                    Server: "memory 1.0",
                    "collection",
                    place,
                    _dimensions is not null,
                    _dimensions,
                    _dimensions is null ? null : "cosine",
                    _memories.Count,
                    _dimensions is { } has && dimensions is { } wanted && has != wanted
                        ? new StoreFailures(Name, key: null).OtherDimensions("collection", place, has, wanted)
                        : null
                )
            );

        public Task<long> CountAsync(string run, CancellationToken cancellationToken) =>
            Task.FromResult<long>(_memories.Values.Count(m => m.Owner.Run == run));

        public Task DeleteRunAsync(string run, CancellationToken cancellationToken)
        {
            foreach (var memory in _memories.Values.Where(m => m.Owner.Run == run).ToList())
                _memories.Remove(memory.Key);
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
