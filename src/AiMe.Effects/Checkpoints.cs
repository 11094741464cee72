using AiMe.EventSourcing;
using AiMe.Models;

namespace AiMe.Effects;

/// <summary>Checkpoints as content-addressed blobs beside the journal.</summary>
public sealed class Checkpoints(IBlobs blobs) : ICheckpoints
{
    /// <inheritdoc />
    public Task<byte[]> LoadAsync(string id, CancellationToken cancellationToken) => blobs.GetAsync(new BlobId(id), cancellationToken);

    /// <inheritdoc />
    public async Task<string> SaveAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        (await blobs.PutAsync(bytes, cancellationToken)).Sha256;
}
