using System.Collections.Concurrent;
using System.Security.Cryptography;
using AiMe.EventSourcing;

namespace AiMe.Journal;

/// <summary>Blobs in memory.</summary>
public sealed class InMemoryBlobs : IBlobs
{
    private readonly ConcurrentDictionary<BlobId, byte[]> _blobs = new();

    /// <inheritdoc />
    public Task<BlobId> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var id = new BlobId(Convert.ToHexStringLower(SHA256.HashData(content.Span)));
        _blobs.TryAdd(id, content.ToArray());
        return Task.FromResult(id);
    }

    /// <inheritdoc />
    public Task<byte[]> GetAsync(BlobId id, CancellationToken cancellationToken) =>
        Task.FromResult(
            _blobs.TryGetValue(id, out var content)
                ? content.ToArray()
                : throw new CorruptBlobException($"The blob {id} is missing: this process has not stored it.")
        );

    /// <inheritdoc />
    public bool Has(BlobId id) => _blobs.ContainsKey(id);
}
